/* toast: "记好了，10秒内可以撤销".

   <div class="gy-toasts" data-toasts role="status" aria-live="polite"></div>   once, at the end of the body; the server may put toasts in it:
   <div class="gy-toast" data-toast><span>记好了</span><form method="post" action="/undo/…">…<button>撤销</button></form></div>
     data-toast-ms="10000" how long (10 s is the default, 0 stays). It waits while a finger, the pointer or the focus is on it.
     In elder mode nothing has a time limit, so it stays until closed.
   htmx answers may raise one: HX-Trigger: {"gy-toast":{"text":"记好了","undo":"/contacts/…/undo","undoLabel":"撤销","more":"/contacts/…","moreLabel":"补一句","bad":false}}
     `undo` is posted by htmx when it is there, and its answer may raise the next toast; else as a plain form.
   Script: gy.toast({text, undo, undoLabel, more, moreLabel, bad, ms}). */
(function () {
  'use strict';
  var gy = window.gy;

  function room() {
    var el = document.querySelector('[data-toasts]');
    if (!el) {
      el = document.createElement('div');
      el.className = 'gy-toasts';
      el.setAttribute('data-toasts', '');
      el.setAttribute('role', 'status');
      el.setAttribute('aria-live', 'polite');
      document.body.appendChild(el);
    }
    return el;
  }

  function live(toast) {
    var close = document.createElement('button');
    close.type = 'button';
    close.setAttribute('aria-label', gy.word('close'));
    close.textContent = '×';
    close.addEventListener('click', function () { toast.remove(); });
    toast.appendChild(close);
    var given = toast.dataset.toastMs;
    var left = given === undefined ? 10000 : Number(given);
    if (!left || gy.isElder()) return;
    var held = false;
    function set(value) { return function () { held = value; }; }
    toast.addEventListener('pointerenter', set(true));
    toast.addEventListener('pointerleave', set(false));
    toast.addEventListener('focusin', set(true));
    toast.addEventListener('focusout', set(false));
    var step = 250;
    var timer = setInterval(function () {
      if (!toast.isConnected) { clearInterval(timer); return; }
      if (!held) left -= step;
      if (left <= 0) { clearInterval(timer); toast.remove(); }
    }, step);
  }

  function undoForm(o, toast) {
    var form = document.createElement('form');
    form.method = 'post';
    form.action = o.undo;
    if (gy.csrf) {
      var field = document.createElement('input');
      field.type = 'hidden';
      field.name = gy.csrf.field;
      field.value = gy.csrf.token;
      form.appendChild(field);
    }
    var button = document.createElement('button');
    button.textContent = o.undoLabel || gy.word('undo');
    form.appendChild(button);
    if (gy.htmx) {
      form.addEventListener('submit', function (event) {
        event.preventDefault();
        event.stopPropagation();
        window.htmx.ajax('POST', o.undo, { source: document.body, target: document.body, swap: 'none' });
        toast.remove();
      });
    }
    return form;
  }

  gy.toast = function (o) {
    var toast = document.createElement('div');
    toast.className = 'gy-toast' + (o.bad ? ' is-bad' : '');
    if (o.ms !== undefined) toast.dataset.toastMs = String(o.ms);
    var text = document.createElement('span');
    text.textContent = o.text;
    toast.appendChild(text);
    if (o.undo) toast.appendChild(undoForm(o, toast));
    if (o.more) {
      var more = document.createElement('a');
      more.href = o.more;
      more.textContent = o.moreLabel || o.more;
      toast.appendChild(more);
    }
    room().appendChild(toast);
    live(toast);
    return toast;
  };

  gy.all('[data-toast]').forEach(live);
  document.addEventListener('gy-toast', function (event) { gy.toast(event.detail); });
})();
