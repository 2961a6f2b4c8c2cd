/* upload: choosing or dropping a file and watching it go. Without this file the form posts as any other.

   <form method="post" enctype="multipart/form-data" action="…" data-upload data-max-bytes="20971520">
     <label class="gy-drop" data-drop>…<b data-file-name>点这里选文件，或拖到这里</b><input type="file" name="file" required></label>
     <div class="gy-err" data-upload-error role="alert" hidden><span></span></div>
     <div class="gy-prog" data-upload-progress role="progressbar" aria-label="进度" aria-valuemin="0" aria-valuemax="100" hidden><i></i></div>
     <p data-upload-status role="status"></p>
     [data-upload-cancel] hidden   button, stops the upload
   data-upload-auto on the form sends as soon as a file is chosen.
   After the answer: a redirect is followed; a page with errors (4xx) replaces <main>. */
(function () {
  'use strict';
  var gy = window.gy;

  function human(bytes) {
    return bytes < 1048576 ? Math.ceil(bytes / 1024) + ' KB' : (bytes / 1048576).toFixed(1) + ' MB';
  }
  function part(form, name) { return form.querySelector('[data-upload-' + name + ']'); }
  function say(form, text) {
    var el = part(form, 'status');
    if (el) el.textContent = text;
  }
  function fail(form, text) {
    var el = part(form, 'error');
    if (!el) return;
    el.hidden = !text;
    (el.querySelector('span') || el).textContent = text || '';
  }
  function reset(form) {
    delete form.dataset.sent;
    form.removeAttribute('aria-busy');
    ['progress', 'cancel'].forEach(function (n) { if (part(form, n)) part(form, n).hidden = true; });
    say(form, '');
  }

  /* Whether the chosen files may go; shows their names and sizes either way. */
  function look(input) {
    var form = input.form;
    var files = Array.prototype.slice.call(input.files);
    var drop = input.closest('[data-drop]');
    if (!files.length) return false;
    var name = drop && drop.querySelector('[data-file-name]');
    if (name) name.textContent = files.map(function (f) { return f.name + '，' + human(f.size); }).join('；');
    var max = Number(form.dataset.maxBytes || 0);
    var ok = !max || files.every(function (f) { return f.size <= max; });
    fail(form, ok ? '' : gy.word('tooBig', { max: human(max) }));
    if (drop) {
      drop.classList.toggle('has-file', ok);
      drop.classList.toggle('is-err', !ok);
    }
    return ok;
  }

  gy.on('change', '[data-upload] input[type=file]', function (input) {
    if (look(input) && 'uploadAuto' in input.form.dataset) gy.submit(input.form);
  });
  ['dragenter', 'dragover'].forEach(function (type) {
    gy.on(type, '[data-drop]', function (drop, event) { event.preventDefault(); drop.classList.add('is-over'); });
  });
  gy.on('dragleave', '[data-drop]', function (drop) { drop.classList.remove('is-over'); });
  gy.on('drop', '[data-drop]', function (drop, event) {
    event.preventDefault();
    drop.classList.remove('is-over');
    var input = drop.querySelector('input[type=file]');
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });

  gy.on('submit', 'form[data-upload]', function (form, event) {
    var input = form.querySelector('input[type=file]');
    if (event.defaultPrevented || !window.FormData) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    if (!look(input)) return;
    form.dataset.sent = '1';
    form.setAttribute('aria-busy', 'true');
    var xhr = new XMLHttpRequest();
    var bar = part(form, 'progress');
    var cancel = part(form, 'cancel');
    if (bar) bar.hidden = false;
    if (cancel) {
      cancel.hidden = false;
      cancel.onclick = function () { xhr.abort(); };
    }
    xhr.upload.onprogress = function (e) {
      if (!e.lengthComputable) return;
      var percent = Math.floor(e.loaded * 100 / e.total);
      if (bar) {
        bar.setAttribute('aria-valuenow', String(percent));
        bar.firstElementChild.className = 'w-p' + percent;
      }
      say(form, percent < 100 ? gy.word('sending', { percent: percent }) : gy.word('checking'));
    };
    xhr.onload = function () {
      if (xhr.status < 400) { window.location.assign(xhr.responseURL || window.location.href); return; }
      reset(form);
      var page = new DOMParser().parseFromString(xhr.responseText, 'text/html').querySelector('main');
      var here = document.querySelector('main');
      if (!page || !here) { fail(form, gy.word('failed')); return; }
      here.replaceWith(page);
      var note = page.querySelector('[role=alert]');
      if (note) { note.tabIndex = -1; note.focus(); }
    };
    xhr.onerror = function () { reset(form); fail(form, gy.word(navigator.onLine ? 'failed' : 'offline')); };
    xhr.onabort = function () { reset(form); };
    xhr.open('POST', form.action);
    xhr.setRequestHeader('Accept', 'text/html');
    if (gy.csrf) xhr.setRequestHeader(gy.csrf.header, gy.csrf.token);
    xhr.send(new FormData(form));
  }, true);
})();
