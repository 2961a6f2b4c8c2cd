// Finds what a person would point at by its words. `what` is "click" or "fill".
const [what, words] = arguments;
const tidy = (text) => (text || "").replace(/\s+/g, " ").trim();
const wanted = tidy(words);
const visible = (element) => element.getClientRects().length > 0
  && getComputedStyle(element).visibility !== "hidden";

// An exact name wins over one that merely holds the words.
const best = (candidates) => candidates.find(([, name]) => name === wanted)
  || candidates.find(([, name]) => name.includes(wanted));

if (what === "click") {
  const selector = "a, button, summary, label, input[type=submit], input[type=button],"
    + " [role=button], [role=link], [role=tab], [role=menuitem], [role=option]";
  const named = [...document.querySelectorAll(selector)].filter(visible).flatMap((element) => [
    [element, tidy(element.innerText || element.value)],
    [element, tidy(element.getAttribute("aria-label"))],
  ]);
  const found = best(named);
  found?.[0].scrollIntoView({ block: "center", behavior: "instant" });
  return found ? found[0] : null;
}

const controls = [...document.querySelectorAll("input, select, textarea")];
const named = controls.flatMap((control) => [
  // A required field's label may end with a star.
  ...[...(control.labels || [])].map((label) => [control, tidy(label.innerText).replace(/\s*[*＊]$/, "")]),
  [control, tidy(control.getAttribute("aria-label"))],
  [control, tidy(control.getAttribute("placeholder"))],
]);
const found = best(named);
found?.[0].scrollIntoView({ block: "center", behavior: "instant" });
return found ? found[0] : null;
