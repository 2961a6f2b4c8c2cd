/* board: the family board of a class (phone) and the sheet to log a contact: tap the child, the channel is preselected
   (tap another if it was another), tap the tone: saved. Without this file every cell is a link to the full form.

   <div data-board>
     [data-board-filter="never"][aria-pressed]    chip: shows the cells whose data-tags has the word; "all" shows all
     <ul class="gy-board"><li data-tags="never visit">
       <a class="gy-cell" href="/contacts/new?child=ID" data-child="ID" data-name="李沐阳" data-mark="阳" data-line="爷爷李国富 · 上次在63天前" data-hint="这次先说一件好事吧。" data-channel="phone">
     [data-board-multi][aria-pressed]             button 选多名; a long press on a cell does the same
     <div class="gy-pickbar" data-board-picked hidden><span data-slot="count"></span><button data-board-done>…</button></div>
     [data-board-empty] hidden                    shown when a filter leaves nobody
     [data-board-status] role=status, visually-hidden   says how many are shown
   <section class="gy-sheet" id="…" data-contact-sheet …hidden>   beside or inside; its form holds
     [data-slot=name] [data-slot=mark] [data-slot=line] [data-slot=hint] (its parent [data-hint-box] hides when there is none)
     [data-slot=children]     gets one <input type=hidden name="child"> for each child
     input[name=key]          gets a fresh random key on each opening, so that a double tap logs once
     input[type=radio][name=channel], button[type=submit][name=tone], input|textarea[name=note]
   With hx-post on the form: 2xx closes the sheet and leaves picking. The server answers HX-Trigger with gy-toast and
   gy-board {children: [ID…]}; the cells of these children and the sums are then fetched from data-cells of the board and
   swapped in out of band, where they stand. Without htmx the form posts plainly and the server leads back to the board. */
(function () {
  'use strict';
  var gy = window.gy;
  var LONG = 500; // milliseconds of a long press
  var board = document.querySelector('[data-board]');
  if (!board) return;
  var sheet = document.querySelector('[data-contact-sheet]');
  var picking = false;
  var picked = [];

  function cells() { return gy.all('.gy-cell[data-child]', board); }
  function slot(name, within) { return (within || sheet).querySelector('[data-slot=' + name + ']'); }

  gy.on('click', '[data-board-filter]', function (chip) {
    var word = chip.dataset.boardFilter;
    gy.all('[data-board-filter]', board).forEach(function (c) {
      c.setAttribute('aria-pressed', String(c === chip));
      c.classList.toggle('is-on', c === chip);
    });
    var shown = 0;
    gy.all('.gy-board > li', board).forEach(function (li) {
      li.hidden = word !== 'all' && (li.dataset.tags || '').split(' ').indexOf(word) < 0;
      if (!li.hidden) shown += 1;
    });
    var empty = board.querySelector('[data-board-empty]');
    if (empty) empty.hidden = shown > 0;
    var status = board.querySelector('[data-board-status]');
    if (status) status.textContent = chip.textContent.trim();
  });

  /* picking several */
  function showPicked() {
    cells().forEach(function (cell) {
      var on = picked.indexOf(cell.dataset.child) >= 0;
      cell.classList.toggle('is-picked', on);
      if (picking) {
        cell.setAttribute('role', 'button');
        cell.setAttribute('aria-pressed', String(on));
      } else {
        cell.removeAttribute('role');
        cell.removeAttribute('aria-pressed');
      }
    });
    gy.all('[data-board-multi]', board).forEach(function (b) { b.setAttribute('aria-pressed', String(picking)); });
    var bar = document.querySelector('[data-board-picked]');
    if (!bar) return;
    bar.hidden = !picking;
    var count = slot('count', bar);
    if (count) count.textContent = gy.word('picked', { n: picked.length });
    gy.all('[data-board-done]', bar).forEach(function (b) { b.disabled = picked.length === 0; });
  }
  function pick(cell) {
    var at = picked.indexOf(cell.dataset.child);
    if (at >= 0) picked.splice(at, 1); else picked.push(cell.dataset.child);
    showPicked();
  }
  function setPicking(on) {
    picking = on;
    picked = [];
    showPicked();
  }
  gy.on('click', '[data-board-multi]', function () { setPicking(!picking); });

  var press = null;
  var pressed = false;
  board.addEventListener('pointerdown', function (event) {
    var cell = event.target.closest('.gy-cell[data-child]');
    pressed = false;
    clearTimeout(press);
    if (!cell || picking || !sheet) return;
    press = setTimeout(function () {
      pressed = true;
      setPicking(true);
      pick(cell);
    }, LONG);
  });
  ['pointerup', 'pointercancel', 'pointermove', 'scroll'].forEach(function (type) {
    board.addEventListener(type, function (event) {
      if (type === 'pointermove' && Math.abs(event.movementX) + Math.abs(event.movementY) < 6) return;
      clearTimeout(press);
    });
  });
  board.addEventListener('contextmenu', function (event) {
    if (event.target.closest('.gy-cell[data-child]') && (picking || event.pointerType === 'touch')) event.preventDefault();
  });

  /* the sheet */
  function freshKey() {
    var bytes = new Uint8Array(16);
    (window.crypto || window.msCrypto).getRandomValues(bytes);
    return Array.prototype.map.call(bytes, function (b) { return ('0' + b.toString(16)).slice(-2); }).join('');
  }
  function fill(name, text) {
    var el = slot(name);
    if (el) el.textContent = text || '';
  }
  function openFor(chosen, opener) {
    var one = chosen.length === 1 ? chosen[0] : null;
    var form = sheet.querySelector('form');
    fill('name', chosen.map(function (c) { return c.dataset.name; }).join('、'));
    fill('mark', one ? one.dataset.mark : String(chosen.length));
    fill('line', one ? one.dataset.line : gy.word('picked', { n: chosen.length }));
    fill('hint', one ? one.dataset.hint : '');
    var box = sheet.querySelector('[data-hint-box]');
    if (box) box.hidden = !(one && one.dataset.hint);
    var children = slot('children');
    children.textContent = '';
    chosen.forEach(function (c) {
      var field = document.createElement('input');
      field.type = 'hidden';
      field.name = 'child';
      field.value = c.dataset.child;
      children.appendChild(field);
    });
    var key = form.querySelector('input[name=key]');
    if (key) key.value = freshKey();
    gy.all('[name=note]', form).forEach(function (n) { n.value = ''; });
    var channel = one && one.dataset.channel;
    gy.all('input[type=radio][name=channel]', form).forEach(function (r, i) { r.checked = channel ? r.value === channel : i === 0; });
    gy.openSheet(sheet, opener);
  }

  board.addEventListener('click', function (event) {
    var cell = event.target.closest('.gy-cell[data-child]');
    if (!cell || !sheet || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (pressed) { pressed = false; return; }
    if (picking) pick(cell); else openFor([cell], cell);
  });
  board.addEventListener('keydown', function (event) {
    var cell = event.target.closest('.gy-cell[data-child]');
    if (picking && cell && event.key === ' ') { event.preventDefault(); pick(cell); }
  });
  gy.on('click', '[data-board-done]', function (button) {
    var chosen = cells().filter(function (c) { return picked.indexOf(c.dataset.child) >= 0; });
    if (chosen.length && sheet) openFor(chosen, button);
  });

  document.addEventListener('gy-board', function (event) {
    var children = (event.detail && event.detail.children) || [];
    if (!board.dataset.cells || !children.length || !window.htmx) return;
    var query = children.map(function (id) { return 'child=' + encodeURIComponent(id); }).join('&');
    window.htmx.ajax('GET', board.dataset.cells + '?' + query, { source: board, target: board, swap: 'none' });
  });

  document.addEventListener('htmx:afterRequest', function (event) {
    if (!sheet || !(event.target instanceof Element) || !sheet.contains(event.target) || !event.detail.successful) return;
    gy.closeSheet();
    setPicking(false);
  });
})();
