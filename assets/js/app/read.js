/* read: reads a page aloud for those who cannot read it, or not easily.

   <button type="button" data-read-aloud="#main" aria-pressed="false" hidden><svg…/><span>念给我听</span></button>
     reads the element of the selector (main, when empty) in order, in the language of the page; pressed again it stops.
     Write it hidden: it shows itself only where the device has a voice.
   [data-read-skip], nav, buttons, hidden things and what is hidden from screen readers are not read. */
(function () {
  'use strict';
  var gy = window.gy;
  var voice = window.speechSynthesis;
  var buttons = gy.all('[data-read-aloud]');
  if (!voice || !window.SpeechSynthesisUtterance) return;
  buttons.forEach(function (b) { b.hidden = false; });

  var SKIP = 'nav,button,script,style,svg,input,select,textarea,[aria-hidden=true],[hidden],[data-read-skip],.gy-toasts';
  /* Sentence-sized pieces: some phones fall silent after fifteen seconds of one text. */
  function pieces(root) {
    var out = [];
    (function walk(node) {
      if (node.nodeType === 3) {
        var text = node.nodeValue.replace(/\s+/g, ' ').trim();
        if (text) out.push(text);
        return;
      }
      if (node.nodeType !== 1 || node.matches(SKIP)) return;
      Array.prototype.forEach.call(node.childNodes, walk);
      if (out.length && getComputedStyle(node).display !== 'inline') out.push('');
    })(root);
    return out.join('\u0001').split(/\u0001\u0001+/).join('。').split('\u0001').join('').match(/[^。！？；.!?;]+[。！？；.!?;]?/g) || [];
  }

  function label(button, on) {
    button.setAttribute('aria-pressed', String(on));
    var word = button.querySelector('span');
    if (!word) return;
    if (!button.dataset.readWord) button.dataset.readWord = word.textContent;
    word.textContent = on ? gy.word('stop') : button.dataset.readWord;
  }
  function stop() {
    voice.cancel();
    buttons.forEach(function (b) { label(b, false); });
  }
  gy.on('click', '[data-read-aloud]', function (button) {
    var on = button.getAttribute('aria-pressed') === 'true';
    stop();
    if (on) return;
    var root = document.querySelector(button.dataset.readAloud || 'main');
    var texts = root ? pieces(root) : [];
    if (!texts.length) return;
    label(button, true);
    texts.forEach(function (text, i) {
      var say = new SpeechSynthesisUtterance(text);
      say.lang = document.documentElement.lang || 'zh-CN';
      say.rate = 0.9;
      if (i === texts.length - 1) say.onend = stop;
      voice.speak(say);
    });
  });
  window.addEventListener('pagehide', function () { voice.cancel(); });
})();
