/* compose: the page that writes a notice. Without this file every field is simply shown.

   form[data-compose][data-draft="/notices/draft"]   kept as a draft a few seconds after the last change; [data-compose-kept] says when
   [data-compose-kind]        radios; [data-compose-questions] is shown for the kind "answer"
   [data-compose-later] [data-compose-send-at], [data-compose-urgent] [data-compose-why]   a field shown with its tick */
(function () {
  'use strict';
  var gy = window.gy;
  var WAIT = 4000;

  function fit(form) {
    var kind = form.querySelector('[data-compose-kind]:checked');
    form.querySelector('[data-compose-questions]').hidden = !kind || kind.value !== 'answer';
    [['later', 'send-at'], ['urgent', 'why']].forEach(function (pair) {
      var tick = form.querySelector('[data-compose-' + pair[0] + ']');
      var field = form.querySelector('[data-compose-' + pair[1] + ']');
      if (tick && field) field.hidden = !tick.checked;
    });
  }
  function keep(form) {
    var data = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
      if (typeof value === 'string') data.append(name, value);
    });
    var headers = { 'hx-request': 'true' };
    if (gy.csrf) headers[gy.csrf.header] = gy.csrf.token;
    fetch(form.dataset.draft, { method: 'POST', body: data, headers: headers, credentials: 'same-origin' })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer); })
      .then(function (text) {
        var kept = form.querySelector('[data-compose-kept]');
        if (kept) kept.textContent = text;
      })
      .catch(function () { /* kept again with the next change, or by the button */ });
  }
  gy.all('form[data-compose]').forEach(function (form) {
    var waiting = null;
    var sent = false;
    fit(form);
    form.addEventListener('change', function () { fit(form); });
    if (!form.dataset.draft) return;
    form.addEventListener('input', function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () { if (!sent) keep(form); }, WAIT);
    });
    form.addEventListener('submit', function () {
      sent = true;
      clearTimeout(waiting);
    });
    window.addEventListener('pageshow', function () { sent = false; });
  });
})();
