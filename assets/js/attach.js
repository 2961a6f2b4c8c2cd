/* attach: files that go at once when chosen, each with its progress. Without this file they go with the form.

   [data-attach][data-url][data-name][data-max-bytes][data-most][data-too-many]   the field
   input[type=file] in it, [data-attach-list], [data-attach-progress] > i, [data-attach-status], [data-attach-error] > span */
(function () {
  'use strict';
  var gy = window.gy;

  function part(box, name) { return box.querySelector('[data-attach-' + name + ']'); }
  function fail(box, text) {
    var el = part(box, 'error');
    el.hidden = !text;
    el.querySelector('span').textContent = text || '';
  }
  function progress(box, percent) {
    var bar = part(box, 'progress');
    bar.hidden = percent === null;
    if (percent === null) { part(box, 'status').textContent = ''; return; }
    bar.setAttribute('aria-valuenow', String(percent));
    bar.querySelector('i').className = 'w-p' + percent;
    part(box, 'status').textContent = percent < 100 ? gy.word('sending', { percent: percent }) : gy.word('checking');
  }
  function human(bytes) {
    return bytes < 1048576 ? Math.ceil(bytes / 1024) + ' KB' : (bytes / 1048576).toFixed(1) + ' MB';
  }

  function send(box, file) {
    return new Promise(function (done) {
      var max = Number(box.dataset.maxBytes || 0);
      if (max && file.size > max) { fail(box, gy.word('tooBig', { max: human(max) })); done(); return; }
      var data = new FormData();
      data.append('name', box.dataset.name);
      if (gy.csrf) data.append('csrf', gy.csrf.token);
      data.append('file', file, file.name);
      var xhr = new XMLHttpRequest();
      xhr.open('POST', box.dataset.url);
      xhr.setRequestHeader('hx-request', 'true');
      if (gy.csrf) xhr.setRequestHeader(gy.csrf.header, gy.csrf.token);
      xhr.upload.addEventListener('progress', function (event) {
        if (event.lengthComputable) progress(box, Math.min(100, Math.round(event.loaded * 100 / event.total)));
      });
      xhr.addEventListener('load', function () {
        if (xhr.status >= 200 && xhr.status < 300) part(box, 'list').insertAdjacentHTML('beforeend', xhr.responseText);
        else if (xhr.status === 409 || xhr.status === 422 || xhr.status === 429) fail(box, decode(xhr.responseText));
        else fail(box, gy.word('failed'));
        done();
      });
      xhr.addEventListener('error', function () { fail(box, gy.word('offline')); done(); });
      progress(box, 0);
      xhr.send(data);
    });
  }
  function decode(html) {
    return new DOMParser().parseFromString(html, 'text/html').body.textContent.trim();
  }

  gy.on('change', '[data-attach] input[type=file]', function (input) {
    var box = input.closest('[data-attach]');
    var files = Array.prototype.slice.call(input.files);
    var room = Number(box.dataset.most) - gy.all('input[type=checkbox]:checked', part(box, 'list')).length;
    fail(box, files.length > room ? box.dataset.tooMany : '');
    files = files.slice(0, Math.max(0, room));
    // What has gone must not go again with the form.
    input.value = '';
    files.reduce(function (before, file) {
      return before.then(function () { return send(box, file); });
    }, Promise.resolve()).then(function () { progress(box, null); });
  });
})();
