/* core: window.gy, shared by the other parts of app.js, and the small habits of every page. ES2018, no eval, no inline code.

   <script type="application/json" id="gy-words">{"undo":"撤销", …}</script>   words for scripts, from the catalogue (keys below)
   <meta name="csrf" content="TOKEN" data-field="_csrf" data-header="x-csrf-token">   token for htmx and for forms made here
   [data-offline]        hidden attribute is lifted while there is no network
   [data-print]          button: prints the page
   button.gy-drill[data-drill="town-12"][aria-expanded]   opens and closes the rows tr[data-drill-of="town-12"]. To load them
                         first: hx-get, hx-trigger="click once", hx-target="closest tr", hx-swap="afterend"
   htmx: 422 answers are swapped in like 200 (a form with its errors); other failures raise a toast. */
(function () {
  'use strict';
  var words = {
    undo: '撤销', close: '关闭', yes: '好', no: '先不', failed: '没成功，过一会儿再试', offline: '没有网络，连上后再试',
    read: '念给我听', stop: '停下', tooBig: '文件太大，最大{max}', sending: '正在上传{percent}%', checking: '已传完，正在检查', picked: '选了{n}名学生'
  };
  var source = document.getElementById('gy-words');
  if (source) {
    try { Object.assign(words, JSON.parse(source.textContent)); } catch (e) { /* the built-in words stay */ }
  }
  var meta = document.querySelector('meta[name="csrf"]');
  var csrf = meta ? { token: meta.content, field: meta.dataset.field || '_csrf', header: meta.dataset.header || 'x-csrf-token' } : null;

  var gy = window.gy = {
    csrf: csrf,
    /* A word of the catalogue with {name} filled in. */
    word: function (key, values) {
      return (words[key] || key).replace(/\{(\w+)\}/g, function (all, name) { return values && name in values ? values[name] : all; });
    },
    /* Calls back with (element, event) when an event happens on or inside an element that matches. */
    on: function (type, selector, call, capture) {
      document.addEventListener(type, function (event) {
        var target = event.target instanceof Element ? event.target.closest(selector) : null;
        if (target) call(target, event);
      }, Boolean(capture));
    },
    all: function (selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); },
    isElder: function () { return document.documentElement.dataset.gySize === 'elder'; },
    /* Submits as a click on `button` would, also where requestSubmit is missing. */
    submit: function (form, button) {
      if (form.requestSubmit) { form.requestSubmit(button || undefined); return; }
      var made = button;
      if (!made) {
        made = document.createElement('button');
        made.type = 'submit';
        made.hidden = true;
        form.appendChild(made);
      }
      made.click();
      if (!button) made.remove();
    }
  };

  if (window.htmx) {
    window.htmx.config.allowEval = false;
    window.htmx.config.includeIndicatorStyles = false;
    window.htmx.config.selfRequestsOnly = true;
    window.htmx.config.historyCacheSize = 0;
  }
  gy.htmx = Boolean(window.htmx);
  document.addEventListener('htmx:configRequest', function (event) {
    if (csrf) event.detail.headers[csrf.header] = csrf.token;
  });
  document.addEventListener('htmx:beforeSwap', function (event) {
    if (event.detail.xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener('htmx:responseError', function () { gy.toast({ text: gy.word('failed'), bad: true }); });
  document.addEventListener('htmx:sendError', function () { gy.toast({ text: gy.word('offline'), bad: true }); });

  function showNetwork() {
    gy.all('[data-offline]').forEach(function (el) { el.hidden = navigator.onLine; });
  }
  window.addEventListener('online', showNetwork);
  window.addEventListener('offline', showNetwork);
  if (!navigator.onLine) showNetwork();

  gy.on('click', '[data-print]', function () { window.print(); });

  gy.on('click', '[data-drill]', function (button) {
    var rows = gy.all('tr[data-drill-of="' + button.dataset.drill + '"]');
    var open = button.getAttribute('aria-expanded') !== 'true';
    button.setAttribute('aria-expanded', String(open));
    var row = button.closest('tr');
    if (row) row.classList.toggle('is-open', open);
    rows.forEach(function (r) { r.hidden = !open; });
  });
})();
