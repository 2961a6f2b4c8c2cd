/* forms: what forms do by themselves.

   select|input[data-autosubmit]   sends its form when changed (put a plain button in <noscript> beside it)
   form[method=post]               is sent once: a second tap while the first is on its way does nothing
   textarea|input[data-counter="ID"]   writes its length into #ID; data-counter-unit="个字"
   input[data-check-all="NAME"]    ticks every checkbox of that name in its form; [data-checked-count="NAME"] shows how many,
                                   and [data-when-checked="NAME"] is shown while there is one
   button[data-reveal="ID"]        shows and hides the password in #ID, aria-pressed follows
   theme, language and letter size are plain forms that post; no script */
(function () {
  'use strict';
  var gy = window.gy;

  gy.on('change', '[data-autosubmit]', function (el) { if (el.form) gy.submit(el.form); });

  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== 'post') return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    form.setAttribute('aria-busy', 'true');
    // A download answers without leaving the page, so the form must come back to life.
    setTimeout(function () { release(form); }, 8000);
  });
  function release(form) {
    delete form.dataset.sent;
    form.removeAttribute('aria-busy');
  }
  window.addEventListener('pageshow', function () { gy.all('form[data-sent]').forEach(release); });
  document.addEventListener('htmx:afterRequest', function (event) {
    var form = event.target instanceof Element ? event.target.closest('form') : null;
    if (form) release(form);
  });

  function count(el) {
    var out = document.getElementById(el.dataset.counter);
    if (out) out.textContent = Array.from(el.value).length + (el.dataset.counterUnit || '');
  }
  gy.on('input', '[data-counter]', count);
  gy.all('[data-counter]').forEach(count);

  function named(form, name) { return gy.all('input[type=checkbox][name="' + name + '"]', form); }
  function tally(form, name) {
    var boxes = named(form, name);
    var ticked = boxes.filter(function (b) { return b.checked; }).length;
    gy.all('[data-checked-count="' + name + '"]', form).forEach(function (el) { el.textContent = String(ticked); });
    gy.all('[data-when-checked="' + name + '"]', form).forEach(function (el) { el.hidden = ticked === 0; });
    gy.all('[data-check-all="' + name + '"]', form).forEach(function (el) {
      el.checked = ticked > 0 && ticked === boxes.length;
      el.indeterminate = ticked > 0 && ticked < boxes.length;
    });
  }
  gy.all('[data-when-checked]').forEach(function (el) { tally(el.closest('form') || document, el.dataset.whenChecked); });
  gy.on('change', 'input[type=checkbox]', function (box) {
    var form = box.form || document;
    if (box.dataset.checkAll) {
      named(form, box.dataset.checkAll).forEach(function (b) { b.checked = box.checked; });
      tally(form, box.dataset.checkAll);
    } else if (box.name) {
      tally(form, box.name);
    }
  });

  gy.on('click', '[data-reveal]', function (button) {
    var field = document.getElementById(button.dataset.reveal);
    if (!field) return;
    var shown = field.type === 'password';
    field.type = shown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(shown));
  });
})();
