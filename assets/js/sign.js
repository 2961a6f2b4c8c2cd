/* sign: a signature on glass. Needs no network. Without this file the typed name remains.

   [data-sign]                  fieldset: [data-sign-glass] (written hidden) with a canvas, [data-sign-here],
   [data-sign-undo], [data-sign-clear], and input[data-sign-value], which gets {"w","h","s":[[x,y,dx,dy,…],…]}
   window.gySign.start(fieldset)   for fields put into the page later */
(function () {
  'use strict';
  var STEP = 3;
  var MOST = 4500;

  function start(box) {
    var glass = box.querySelector('[data-sign-glass]');
    var canvas = glass.querySelector('canvas');
    var value = box.querySelector('[data-sign-value]');
    var undo = box.querySelector('[data-sign-undo]');
    var clear = box.querySelector('[data-sign-clear]');
    var here = box.querySelector('[data-sign-here]');
    if (!window.PointerEvent || !canvas.getContext || box.dataset.signOn) return;
    box.dataset.signOn = '1';
    glass.hidden = false;
    var pen = canvas.getContext('2d');
    var lines = [];
    var line = null;
    var id = null;
    var w = 0;
    var h = 0;
    var scale = 1;

    function measure() {
      var seen = canvas.getBoundingClientRect();
      if (!seen.width) return false;
      if (!w) { w = Math.round(seen.width); h = Math.round(seen.height); }
      scale = seen.width / w;
      var dots = window.devicePixelRatio || 1;
      canvas.width = Math.round(seen.width * dots);
      canvas.height = Math.round(seen.height * dots);
      pen.setTransform(dots * scale, 0, 0, dots * scale, 0, 0);
      return true;
    }
    function ink() {
      pen.strokeStyle = getComputedStyle(canvas).color;
      pen.lineWidth = Math.max(2, w / 150);
      pen.lineCap = 'round';
      pen.lineJoin = 'round';
    }
    function draw() {
      if (!measure()) return;
      pen.clearRect(0, 0, w, h + 1);
      ink();
      lines.forEach(function (one) {
        pen.beginPath();
        pen.moveTo(one[0][0], one[0][1]);
        one.forEach(function (p) { pen.lineTo(p[0], p[1]); });
        if (one.length === 1) pen.lineTo(one[0][0] + 0.1, one[0][1]);
        pen.stroke();
      });
    }
    function keep(tell) {
      var some = lines.length > 0;
      value.value = some ? JSON.stringify({ w: w, h: h, s: lines.map(steps) }) : '';
      undo.disabled = !some;
      clear.disabled = !some;
      here.hidden = some;
      canvas.setAttribute('aria-label', some ? canvas.dataset.full : canvas.dataset.empty);
      if (tell) value.dispatchEvent(new Event('input', { bubbles: true }));
    }
    function steps(one) {
      var out = [one[0][0], one[0][1]];
      for (var n = 1; n < one.length; n += 1) out.push(one[n][0] - one[n - 1][0], one[n][1] - one[n - 1][1]);
      return out;
    }
    function points(step) {
      var at = [step[0], step[1]];
      var out = [at];
      for (var n = 2; n + 1 < step.length; n += 2) {
        at = [at[0] + step[n], at[1] + step[n + 1]];
        out.push(at);
      }
      return out;
    }
    function place(event) {
      var seen = canvas.getBoundingClientRect();
      var x = Math.round((event.clientX - seen.left) / scale);
      var y = Math.round((event.clientY - seen.top) / scale);
      return [Math.min(w, Math.max(0, x)), Math.min(h, Math.max(0, y))];
    }
    function count() { return lines.reduce(function (n, one) { return n + one.length; }, 0); }

    canvas.addEventListener('pointerdown', function (event) {
      if (line || (event.pointerType === 'mouse' && event.button !== 0)) return;
      event.preventDefault();
      if (canvas.width < 10) draw();
      id = event.pointerId;
      try { canvas.setPointerCapture(id); } catch (e) { /* the pointer is already gone */ }
      line = [place(event)];
      lines.push(line);
      draw();
    });
    canvas.addEventListener('pointermove', function (event) {
      if (!line || event.pointerId !== id || count() > MOST) return;
      var all = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
      (all.length ? all : [event]).forEach(function (one) {
        var to = place(one);
        var from = line[line.length - 1];
        if (Math.abs(to[0] - from[0]) + Math.abs(to[1] - from[1]) < STEP) return;
        line.push(to);
        pen.beginPath();
        pen.moveTo(from[0], from[1]);
        pen.lineTo(to[0], to[1]);
        pen.stroke();
      });
    });
    function end(event) {
      if (!line || event.pointerId !== id) return;
      line = null;
      keep(true);
    }
    canvas.addEventListener('pointerup', end);
    canvas.addEventListener('pointercancel', end);
    undo.addEventListener('click', function () { lines.pop(); draw(); keep(true); });
    clear.addEventListener('click', function () { lines = []; draw(); keep(true); });
    window.addEventListener('resize', draw);

    if (value.value) {
      try {
        var kept = JSON.parse(value.value);
        if (kept.s) { w = kept.w; h = kept.h; lines = kept.s.map(points); }
      } catch (e) { /* what cannot be read is signed again */ }
    }
    draw();
    keep(false);
  }

  window.gySign = { start: start };
  Array.prototype.forEach.call(document.querySelectorAll('[data-sign]'), start);
})();
