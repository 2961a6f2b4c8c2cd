// Gives a control its value the way a person's choice would: the value, then the events.
const [control, value] = arguments;
if (control.tagName === "SELECT") {
  const option = [...control.options].find((option) => option.value === value || option.text.trim() === value);
  if (!option) {
    return false;
  }
  control.value = option.value;
} else {
  control.value = value;
}
control.dispatchEvent(new Event("input", { bubbles: true }));
control.dispatchEvent(new Event("change", { bubbles: true }));
return true;
