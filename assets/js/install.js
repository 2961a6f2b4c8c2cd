/* install: the page /app.

   [data-install-box] hidden   lifted where the browser offers to install by itself; [data-install] in it asks
   [data-installed] hidden     lifted when the page runs as the installed app
   [data-copy="ID"]            copies the text of #ID; data-copied and data-by-hand are said as a toast */
(function () {
  'use strict';
  var gy = window.gy;
  var offer = null;
  var box = document.querySelector('[data-install-box]');
  var installed = document.querySelector('[data-installed]');
  if (installed && (window.matchMedia('(display-mode: standalone)').matches || navigator.standalone)) installed.hidden = false;

  window.addEventListener('beforeinstallprompt', function (event) {
    event.preventDefault();
    offer = event;
    if (box) box.hidden = false;
  });
  window.addEventListener('appinstalled', function () {
    if (box) box.hidden = true;
    if (installed) installed.hidden = false;
  });
  gy.on('click', '[data-install]', function () {
    if (!offer) return;
    offer.prompt();
    offer = null;
    box.hidden = true;
  });

  gy.on('click', '[data-copy]', function (button) {
    var field = document.getElementById(button.dataset.copy);
    field.select();
    function said(done) { gy.toast({ text: done ? button.dataset.copied : button.dataset.byHand }); }
    if (navigator.clipboard) {
      navigator.clipboard.writeText(field.value).then(function () { said(true); }, function () { said(document.execCommand('copy')); });
    } else {
      said(document.execCommand('copy'));
    }
  });
})();
