/* dialog: bottom sheet (a centred dialog on a wide page), drawer of the PC side, and "are you sure".

   <section class="gy-sheet" id="S" role="dialog" aria-modal="true" aria-labelledby="…" tabindex="-1" hidden>
   [data-sheet="S"]          opens #S; as a link it keeps its href for those without a script
   [data-sheet-close]        inside a sheet: closes it. Esc, a tap beside it and a drag down close it too
   [data-sheet-slot]         element htmx swaps into: a .gy-sheet that arrives opens at once
   <a class="btn" href="#gy-side" data-drawer="gy-side" aria-expanded="false" aria-controls="gy-side">   opens the side below 992 px
   [data-drawer-close]       closes it
   [data-confirm="删除这条草稿？"]   on a submit button, link or htmx element: asks first. data-confirm-text one more sentence,
                             data-confirm-yes="删除" data-confirm-no="留着" name the buttons by what they do, data-confirm-bad paints yes red
   Events: gy:open and gy:close bubble from the sheet. gy.openSheet(el, opener), gy.closeSheet(). */
(function () {
  'use strict';
  var gy = window.gy;
  var open = null; // { el, veil, opener, held: elements made inert }
  var FOCUSABLE = 'a[href],button:not([disabled]),input:not([disabled]):not([type=hidden]),select:not([disabled]),textarea:not([disabled]),summary,[tabindex]:not([tabindex="-1"])';

  function hold(el, opener) {
    if (open) close();
    var veil = document.createElement('div');
    veil.className = 'gy-veil';
    veil.addEventListener('click', close);
    el.parentNode.insertBefore(veil, el);
    // Everything that is not an ancestor or part of the dialog rests.
    var held = [];
    for (var node = el; node && node !== document.body; node = node.parentElement) {
      Array.prototype.forEach.call(node.parentElement.children, function (other) {
        var stays = other === node || other === veil || other.hasAttribute('inert') || other.matches('script,[data-toasts]');
        if (!stays) { other.setAttribute('inert', ''); held.push(other); }
      });
    }
    document.body.classList.add('is-held');
    open = { el: el, veil: veil, opener: opener || document.activeElement, held: held };
    var first = el.querySelector('[autofocus]') || el;
    if (!el.hasAttribute('tabindex')) el.tabIndex = -1;
    first.focus();
    el.dispatchEvent(new CustomEvent('gy:open', { bubbles: true }));
  }

  function close() {
    if (!open) return;
    var was = open;
    open = null;
    was.veil.remove();
    was.held.forEach(function (el) { el.removeAttribute('inert'); });
    document.body.classList.remove('is-held');
    if (was.el.classList.contains('gy-side')) {
      was.el.classList.remove('is-open');
      gy.all('[data-drawer]').forEach(function (b) { b.setAttribute('aria-expanded', 'false'); });
    } else {
      was.el.hidden = true;
      was.el.style.transform = '';
    }
    if (was.opener && document.contains(was.opener)) was.opener.focus();
    was.el.dispatchEvent(new CustomEvent('gy:close', { bubbles: true }));
  }

  gy.openSheet = function (el, opener) {
    el.hidden = false;
    hold(el, opener);
  };
  gy.closeSheet = close;

  document.addEventListener('keydown', function (event) {
    if (!open) return;
    if (event.key === 'Escape' || event.key === 'Esc') { event.preventDefault(); close(); return; }
    if (event.key !== 'Tab') return;
    var stops = gy.all(FOCUSABLE, open.el).filter(function (el) { return el.offsetParent !== null || el === document.activeElement; });
    if (!stops.length) { event.preventDefault(); return; }
    var first = stops[0], last = stops[stops.length - 1], at = document.activeElement;
    if (event.shiftKey && (at === first || at === open.el || !open.el.contains(at))) { event.preventDefault(); last.focus(); }
    else if (!event.shiftKey && (at === last || !open.el.contains(at))) { event.preventDefault(); first.focus(); }
  });

  gy.on('click', '[data-sheet]', function (button, event) {
    var sheet = document.getElementById(button.dataset.sheet);
    if (!sheet || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    gy.openSheet(sheet, button);
  });
  gy.on('click', '[data-sheet-close],[data-drawer-close]', function (button, event) {
    if (!open) return;
    event.preventDefault();
    close();
  });
  document.addEventListener('htmx:afterSwap', function (event) {
    var slot = event.target instanceof Element ? event.target.closest('[data-sheet-slot]') : null;
    var sheet = slot && slot.querySelector('.gy-sheet');
    if (sheet) gy.openSheet(sheet, document.activeElement);
  });

  /* drag down closes; in elder mode nothing depends on a swipe, and nothing closes by accident either */
  var drag = null;
  document.addEventListener('touchstart', function (event) {
    var sheet = event.target instanceof Element ? event.target.closest('.gy-sheet') : null;
    drag = sheet && open && open.el === sheet && sheet.scrollTop <= 0 && !gy.isElder() ? { y: event.touches[0].clientY, by: 0, el: sheet } : null;
  }, { passive: true });
  document.addEventListener('touchmove', function (event) {
    if (!drag) return;
    drag.by = Math.max(0, event.touches[0].clientY - drag.y);
    drag.el.classList.add('is-dragged');
    drag.el.style.transform = drag.by ? 'translateY(' + drag.by + 'px)' : '';
  }, { passive: true });
  document.addEventListener('touchend', function () {
    if (!drag) return;
    var was = drag;
    drag = null;
    was.el.classList.remove('is-dragged');
    if (was.by > 90) close(); else was.el.style.transform = '';
  });

  gy.on('click', '[data-drawer]', function (button, event) {
    var side = document.getElementById(button.dataset.drawer);
    if (!side) return;
    event.preventDefault();
    side.classList.add('is-open');
    button.setAttribute('aria-expanded', 'true');
    hold(side, button);
  });

  /* are you sure */
  function ask(el, yes) {
    var box = document.createElement('section');
    box.className = 'gy-sheet';
    box.setAttribute('role', 'alertdialog');
    box.setAttribute('aria-modal', 'true');
    box.setAttribute('aria-labelledby', 'gy-ask-t');
    box.tabIndex = -1;
    var title = document.createElement('h2');
    title.className = 'gy-h';
    title.id = 'gy-ask-t';
    title.textContent = el.dataset.confirm;
    box.appendChild(title);
    if (el.dataset.confirmText) {
      var text = document.createElement('p');
      text.className = 'gy-2nd mt-2';
      text.id = 'gy-ask-p';
      text.textContent = el.dataset.confirmText;
      box.setAttribute('aria-describedby', 'gy-ask-p');
      box.appendChild(text);
    }
    var acts = document.createElement('div');
    acts.className = 'acts';
    function button(label, kind, call) {
      var b = document.createElement('button');
      b.type = 'button';
      b.className = 'btn ' + kind;
      b.textContent = label;
      b.addEventListener('click', function () { close(); if (call) call(); });
      acts.appendChild(b);
      return b;
    }
    var no = button(el.dataset.confirmNo || gy.word('no'), 'btn-line');
    button(el.dataset.confirmYes || gy.word('yes'), 'confirmBad' in el.dataset ? 'btn-danger' : 'btn-primary', yes);
    no.setAttribute('autofocus', '');
    box.appendChild(acts);
    document.body.appendChild(box);
    box.addEventListener('gy:close', function () { box.remove(); });
    gy.openSheet(box, el);
  }
  gy.on('click', '[data-confirm]', function (el, event) {
    if (el.dataset.confirmed) { delete el.dataset.confirmed; return; }
    if (el.type === 'submit' && el.form && !el.form.noValidate && !el.form.checkValidity()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(el, function () {
      el.dataset.confirmed = '1';
      el.click();
    });
  }, true);
})();
