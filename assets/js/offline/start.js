/* offline/start: which page is shown, when the outbox is sent, and whose phone this is. The address after # says the page:
   #/ visits · #/begin · #/visit/ID · #/outbox · #/conflict/KEY. At any other address than its own the shell says that there is no network. */
(function () {
  'use strict';
  const off = self.gyOffline;
  const ui = off.ui;
  const h = ui.h;
  const HERE = '/visits/offline';
  let standing = { is: 'away' };
  let me = null;
  let timer = 0;

  ui.look();
  // The address after # says the page, so the way to the content must not change it.
  document.querySelector('.gy-skip').addEventListener('click', function (event) {
    event.preventDefault();
    document.querySelector('main h1').focus();
  });
  document.querySelectorAll('[data-word]').forEach(function (el) { el.textContent = ui.t(el.dataset.word); });

  function elsewhere() {
    ui.show([ui.top(ui.t('visit-offline-no-page-title')), ui.state('wifi-off', ui.t('visit-offline-no-page-heading'), ui.t('visit-offline-no-page-text'), [
      ui.button(ui.t('visit-offline-try-again'), 'btn-primary', function () { location.reload(); }, 'refresh'),
      h('a', { class: 'btn btn-line', href: HERE }, ui.t('visit-offline-to-visits'))])]);
    window.addEventListener('online', function () { location.reload(); });
  }

  function cannot(why) {
    ui.show([ui.top(ui.t('visit-offline-title')), ui.state('device-mobile', ui.t('visit-offline-cannot-title'), ui.t('visit-offline-cannot-' + why), [
      h('a', { class: 'btn btn-line', href: '/app' }, ui.t('visit-offline-how'))])]);
  }

  function stranger() {
    localStorage.removeItem('gy-offline');
    const out = [ui.top(ui.t('visit-offline-title'))];
    if (standing.is === 'new' && standing.may) {
      out.push(ui.state('download', ui.t('visit-offline-begin-title'), ui.t('visit-offline-begin-text'), [
        ui.button(ui.t('visit-offline-begin'), 'btn-primary', begin, 'download')]));
    } else if (standing.is === 'new') {
      out.push(ui.state('info-circle', ui.t('visit-offline-no-right-title'), ui.t('visit-offline-no-right-text'), [
        h('a', { class: 'btn btn-line', href: '/me' }, ui.t('visit-offline-change-hat'))]));
    } else if (standing.is === 'ended') {
      out.push(ui.state('lock', ui.t('visit-offline-ended-title'), ui.t('visit-offline-ended-text'), [
        h('a', { class: 'btn btn-primary', href: '/sign-in?back=' + HERE }, ui.t('visit-offline-sign-in'))]));
    } else if (standing.is === 'signed-out') {
      out.push(ui.state('lock', ui.t('visit-offline-sign-in-title'), ui.t('visit-offline-sign-in-text'), [
        h('a', { class: 'btn btn-primary', href: '/sign-in?back=' + HERE }, ui.t('visit-offline-sign-in'))]));
    } else {
      out.push(ui.state('wifi-off', ui.t('visit-offline-empty-away-title'), ui.t('visit-offline-empty-away-text'), [
        ui.button(ui.t('visit-offline-try-again'), 'btn-primary', function () { off.wake(true); }, 'refresh')]));
    }
    ui.show(out);
  }

  /* Another person signed in here while records of the one before wait. */
  function other() {
    ui.show([ui.top(ui.t('visit-offline-title')), ui.state('users', ui.t('visit-offline-other-title'), ui.t('visit-offline-other-text'), [
      h('a', { class: 'btn btn-primary', href: '/me' }, ui.t('visit-offline-other-change')),
      ui.button(ui.t('visit-offline-other-wipe'), 'btn-danger-line', async function () {
        if (!await ui.ask(ui.t('visit-offline-other-ask'), ui.t('visit-offline-other-ask-text'), ui.t('visit-offline-other-yes'), ui.t('visit-offline-other-no'), true)) return;
        await off.wipe();
        await off.wake(true);
      })])]);
  }

  async function begin() {
    const persist = navigator.storage && navigator.storage.persist ? navigator.storage.persist() : null;
    await off.settle(standing.account);
    await off.download();
    if (persist) await persist.catch(function () { return false; });
    await off.wake(true);
  }

  off.draw = async function (again) {
    me = await off.me();
    if (standing.is === 'other') return other();
    if (!me) return stranger();
    if (me.about) ui.look((await off.about(me)).prefs);
    remember();
    const at = location.hash.replace(/^#\/?/, '').split('/');
    const page = off.pages[at[0] || 'list'] || off.pages.list;
    document.querySelectorAll('.gy-bar a').forEach(function (a) {
      const here = a.getAttribute('href') === (at[0] === 'outbox' || at[0] === 'conflict' ? '#/outbox' : '#/');
      if (here) a.setAttribute('aria-current', 'page'); else a.removeAttribute('aria-current');
    });
    await dot();
    return page(me, standing, at[1] ? decodeURIComponent(at[1]) : again);
  };

  /* Lets the other pages know that something is kept here, with the words they need for signing out (js/app/leave.js). */
  function remember() {
    const words = {};
    ['other', 'see', 'title', 'unsure', 'text', 'yes', 'no'].forEach(function (key) { words[key] = ui.t('visit-offline-leave-' + key); });
    localStorage.setItem('gy-offline', JSON.stringify(words));
  }

  async function dot() {
    const left = (await off.db.all('items')).filter(off.isUnsent).length;
    const el = document.getElementById('gy-left');
    el.hidden = !left;
    el.textContent = left ? String(left) : '';
  }

  /* Only pages that show where things stand are drawn anew by themselves: nothing moves under the pen. */
  function isQuiet() { return /^#?\/?(outbox)?$/.test(location.hash); }

  /* Tries to send and to fetch, then sleeps until the next try is due. */
  off.wake = async function (force) {
    clearTimeout(timer);
    const told = await off.sync({ force: force }).catch(function () { return { is: 'away' }; });
    standing = told || { is: 'away' };
    if (isQuiet() || !me || standing.is === 'other') await off.draw(true);
    const due = await off.nextTry();
    const wait = due === null ? 300000 : Math.max(2000, due);
    timer = setTimeout(function () { off.wake(false); }, wait);
    if (due !== null) later();
  };

  /* Where the browser can, it sends by itself after the page is closed. */
  async function later() {
    try {
      const worker = await navigator.serviceWorker.ready;
      if (worker.sync) await worker.sync.register('gy-outbox');
    } catch (e) { /* the page tries by itself */ }
  }

  async function start() {
    if (location.pathname !== HERE) return elsewhere();
    if (/MicroMessenger/i.test(navigator.userAgent)) return cannot('wechat');
    if (!('serviceWorker' in navigator)) return cannot('old');
    if (!window.indexedDB || !crypto.subtle) return cannot('old');
    // A new release takes over at once; a page on which nobody writes is opened anew with it.
    let held = navigator.serviceWorker.controller;
    navigator.serviceWorker.addEventListener('controllerchange', function () {
      if (held && isQuiet()) location.reload();
      held = navigator.serviceWorker.controller;
    });
    navigator.serviceWorker.register('/sw.js').catch(function () { /* the next visit tries again */ });
    try {
      me = await off.me();
    } catch (e) {
      return cannot('private');
    }
    if (me) {
      await off.age();
      await off.draw();
    }
    window.addEventListener('hashchange', function () { off.draw(); });
    window.addEventListener('online', function () { off.wake(true); });
    document.addEventListener('visibilitychange', function () { if (!document.hidden) off.wake(false); });
    off.hear(function (what) {
      dot();
      if (what === 'items' && /outbox/.test(location.hash)) off.draw(true);
    });
    return off.wake(true);
  }

  start();
})();
