/* rich: buttons and a preview for a text area of simple rich text. Without this file the area works as it is.

   [data-rich]                         the field; its toolbar is written hidden and shown here
   [data-rich-put=bold|heading|list|numbers|link]   button: puts the marks around or before what is chosen
   [data-rich-preview="/parts/preview"]  button, aria-pressed: shows what it will look like in [data-rich-shown] */
(function () {
  'use strict';
  var gy = window.gy;

  function parts(button) {
    var box = button.closest('[data-rich]');
    return { box: box, area: box.querySelector('textarea'), shown: box.querySelector('[data-rich-shown]') };
  }
  function put(area, from, to, text, start, end) {
    area.focus();
    area.setRangeText(text, from, to, 'end');
    area.setSelectionRange(start, end);
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
  function around(area, before, after) {
    var from = area.selectionStart;
    var to = area.selectionEnd;
    var chosen = area.value.slice(from, to);
    put(area, from, to, before + chosen + after, from + before.length, from + before.length + chosen.length);
  }
  function lines(area, mark) {
    var from = area.value.lastIndexOf('\n', area.selectionStart - 1) + 1;
    var to = area.value.indexOf('\n', area.selectionEnd);
    if (to < 0) to = area.value.length;
    var text = area.value.slice(from, to).split('\n').map(function (line, n) { return mark(n) + line; }).join('\n');
    put(area, from, to, text, from + text.length, from + text.length);
  }
  var acts = {
    bold: function (area) { around(area, '**', '**'); },
    heading: function (area) { lines(area, function () { return '## '; }); },
    list: function (area) { lines(area, function () { return '- '; }); },
    numbers: function (area) { lines(area, function (n) { return (n + 1) + '. '; }); },
    link: function (area) { around(area, '[', '](https://)'); }
  };
  gy.on('click', '[data-rich-put]', function (button) {
    acts[button.dataset.richPut](parts(button).area);
  });

  var waiting = null;
  function show(box) {
    var button = box.querySelector('[data-rich-preview]');
    var area = box.querySelector('textarea');
    var shown = box.querySelector('[data-rich-shown]');
    var body = new URLSearchParams({ text: area.value });
    var headers = { 'hx-request': 'true' };
    if (gy.csrf) headers[gy.csrf.header] = gy.csrf.token;
    fetch(button.dataset.richPreview, { method: 'POST', body: body, headers: headers, credentials: 'same-origin' })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer); })
      .then(function (html) { shown.innerHTML = html; })
      .catch(function () { gy.toast({ text: gy.word('failed'), bad: true }); });
  }
  gy.on('click', '[data-rich-preview]', function (button) {
    var p = parts(button);
    var on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(on));
    p.shown.hidden = !on;
    if (on) show(p.box);
  });
  gy.on('input', '[data-rich] textarea', function (area) {
    var box = area.closest('[data-rich]');
    if (box.querySelector('[data-rich-shown]').hidden) return;
    clearTimeout(waiting);
    waiting = setTimeout(function () { show(box); }, 500);
  });
  gy.all('[data-rich] [role=toolbar]').forEach(function (bar) { bar.hidden = false; });
})();
