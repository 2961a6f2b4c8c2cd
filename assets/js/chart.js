/* chart: draws figures that are already in a table beside the picture. PC pages only; load after echarts.js.

   <figure class="gy-chartbox">
     <div class="gy-chart" role="img" aria-label="the finding in a sentence"></div>
     <script type="application/json" class="gy-chart-data">{…}</script>
     <details><summary>看数字</summary><table class="gy-table">…</table></details>
   </figure>
   The data may also be JSON in data-chart on the div. Fields:
     kind     "line" | "bar" | "stack"; bars: "horizontal": true
     labels   words along the axis; "every": n labels only each n-th
     series   at most four: {"name", "values":[number|null…], "color":"c1"…"c4"|"good"|"plain"|"care"|"blame", "last": true for last year, thin, dashed, grey}
     unit     written after each value, "%"; "decimals": digits after the point (0)
     min,max  of the value axis; bars always start at 0
     mark     {"at": label, "text": "家访月开始"} a dotted line
   Colours are read from the stylesheet when drawing, so a change of theme draws again. */
(function () {
  'use strict';
  var gy = window.gy;
  var drawn = [];

  function css(name) { return getComputedStyle(document.documentElement).getPropertyValue('--gy-' + name).trim(); }

  function read(el) {
    var own = el.getAttribute('data-chart');
    var script = el.parentElement.querySelector('script.gy-chart-data');
    var text = own || (script && script.textContent);
    return text ? JSON.parse(text) : null;
  }

  /* Rough width of a word in px at 14 px: a Han character fills a square, a Latin one about half of it. */
  function width(word) {
    return Array.from(word).reduce(function (sum, c) { return sum + (c.charCodeAt(0) > 255 ? 14 : 7.5); }, 0);
  }

  function options(d) {
    var line = d.kind === 'line';
    var font = css('font');
    var ink = css('ink-2');
    var series = d.series.slice(0, 4);
    function show(value) { return value === null || value === undefined ? '' : Number(value).toFixed(d.decimals || 0) + (d.unit || ''); }
    function color(s, i) { return s.last ? (line ? ink : css('c4')) : css(s.color || 'c' + (i + 1)); }
    /* Labels at the ends of lines may not sit on each other: order by last value, push apart by the height of a line. */
    var span = Math.max(1, (d.max === undefined ? 100 : d.max) - (d.min || 0));
    var ends = series.map(function (s, i) { return { i: i, y: -(s.values[s.values.length - 1] || 0) / span * 160 }; })
      .sort(function (a, b) { return a.y - b.y; });
    var offset = [];
    ends.forEach(function (e, k) {
      var wanted = k ? Math.max(e.y, ends[k - 1].at + 17) : e.y - (ends.length > 1 ? 8 : 0);
      e.at = wanted;
      offset[e.i] = wanted - e.y;
    });
    var category = {
      type: 'category', data: d.labels, boundaryGap: !line, inverse: Boolean(d.horizontal),
      axisLabel: { color: ink, fontSize: 12, fontFamily: font, interval: d.every ? function (i) { return i % d.every === d.every - 1; } : 'auto' },
      axisLine: { lineStyle: { color: css('c4') } }, axisTick: { show: false }
    };
    var value = {
      type: 'value', min: line ? d.min : 0, max: d.max,
      axisLabel: { color: ink, fontSize: 12, fontFamily: font, formatter: '{value}' + (d.unit || '') },
      splitLine: { lineStyle: { color: css('grid') } }
    };
    var widest = Math.max.apply(null, series.map(function (s) { return width(s.name); }));
    return {
      animation: false, textStyle: { fontFamily: font }, aria: { enabled: false },
      grid: { left: 8, right: line ? 62 + widest : 16, top: 24, bottom: 8, containLabel: true },
      xAxis: d.horizontal ? value : category, yAxis: d.horizontal ? category : value,
      series: series.map(function (s, i) {
        var c = color(s, i);
        var common = { name: s.name, data: s.values, silent: true };
        if (line) {
          return Object.assign(common, {
            type: 'line', symbol: 'none', connectNulls: false,
            lineStyle: { color: c, width: s.last ? 1.75 : 2.5, type: s.last ? 'dashed' : 'solid' }, itemStyle: { color: c },
            endLabel: { show: true, color: c, fontSize: 13, fontWeight: s.last ? 400 : 600, fontFamily: font, distance: 6, offset: [0, offset[i]], formatter: function (p) { return s.name + ' ' + show(p.value); } },
            markLine: d.mark && i === 0 ? { silent: true, symbol: 'none', animation: false, lineStyle: { color: css('c4'), type: 'dotted' }, label: { formatter: d.mark.text, color: ink, fontSize: 12, fontFamily: font }, data: [{ xAxis: d.mark.at }] } : undefined
          });
        }
        var stack = d.kind === 'stack';
        return Object.assign(common, {
          type: 'bar', stack: stack ? 'all' : undefined, barMaxWidth: 28, barGap: '10%', itemStyle: { color: c, borderColor: css('surface'), borderWidth: stack ? 1 : 0 },
          // Bars side by side have room for one row of figures: this year's.
          label: { show: !stack && i === 0, position: d.horizontal ? 'right' : 'top', color: ink, fontSize: 12, fontFamily: font, formatter: function (p) { return show(p.value); } }
        });
      })
    };
  }

  /* Bars of several series need their names; lines carry theirs at the end. */
  function key(el, d) {
    var old = el.parentElement.querySelector('.gy-chips.legend');
    if (old) old.remove();
    if (d.kind === 'line' || d.series.length < 2) return;
    var list = document.createElement('div');
    list.className = 'gy-chips legend gy-fs2 mb-1';
    d.series.slice(0, 4).forEach(function (s, i) {
      var item = document.createElement('span');
      var dot = document.createElement('span');
      dot.className = 'gy-key';
      dot.style.background = s.last ? css('c4') : css(s.color || 'c' + (i + 1));
      item.appendChild(dot);
      item.appendChild(document.createTextNode(' ' + s.name));
      list.appendChild(item);
    });
    el.parentElement.insertBefore(list, el);
  }

  function draw(el) {
    var data;
    try { data = read(el); } catch (e) { data = null; }
    if (!data || !window.echarts) { el.classList.add('is-off'); return; }
    var old = window.echarts.getInstanceByDom(el);
    if (old) old.dispose();
    key(el, data);
    if (data.every) {
      // Labels along the axis may not touch: name fewer weeks where there is little room.
      var room = el.clientWidth - 180;
      var each = Math.max.apply(null, data.labels.map(width)) * 12 / 14 + 8;
      while (data.every < data.labels.length && data.labels.length / data.every * each > room) { data.every *= 2; }
    }
    window.echarts.init(el, null, { renderer: 'svg' }).setOption(options(data));
    if (drawn.indexOf(el) < 0) drawn.push(el);
  }
  function drawAll(within) { gy.all('.gy-chart', within).forEach(draw); }
  function again() {
    drawn = drawn.filter(function (el) { return el.isConnected; });
    drawn.forEach(draw);
  }

  drawAll(document);
  document.addEventListener('htmx:afterSettle', function (event) { drawAll(event.target); });
  new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ['data-bs-theme', 'data-gy-size'] });
  var dark = window.matchMedia('(prefers-color-scheme: dark)');
  if (dark.addEventListener) dark.addEventListener('change', again); else dark.addListener(again);
  var waiting;
  window.addEventListener('resize', function () {
    clearTimeout(waiting);
    waiting = setTimeout(function () {
      drawn.forEach(function (el) {
        var chart = window.echarts.getInstanceByDom(el);
        if (chart) chart.resize();
      });
    }, 150);
  });
})();
