/* offline/ui: small tools of the offline pages: elements, words in both languages, days and sizes as a person reads them.
   The words lie in the shell as <script type="application/json" id="gy-offline-words">{"zh-CN": {…}, "en": {…}}</script>. */
(function () {
  'use strict';
  const off = self.gyOffline;
  const ui = off.ui = {};
  const shell = JSON.parse(document.getElementById('gy-offline-words').textContent);
  let lang = 'zh-CN';

  ui.shell = shell;
  /* Language, theme and letter size as the account likes them; they say nothing of anybody, so they lie in the clear. */
  ui.look = function (prefs) {
    if (prefs) localStorage.setItem('gy-look', JSON.stringify(prefs));
    let look = {};
    try { look = JSON.parse(localStorage.getItem('gy-look') || '{}'); } catch (e) { /* as the device says */ }
    lang = look.lang || (/^zh/i.test(navigator.language) ? 'zh-CN' : 'en');
    const html = document.documentElement;
    html.lang = lang;
    html.setAttribute('data-bs-theme', look.theme || 'auto');
    if (look.elder) html.dataset.gySize = 'elder'; else delete html.dataset.gySize;
  };
  ui.lang = function () { return lang; };

  ui.t = function (key, values) {
    const text = shell.words[lang][key];
    if (text === undefined) return key;
    return text.replace(/\{(\w+)\}/g, function (all, name) { return values && name in values ? values[name] : all; });
  };

  /* ui.h('p', {class: 'gy-meta', onclick: f}, 'text', child, [more]) */
  ui.h = function (tag, props) {
    const el = document.createElement(tag);
    Object.keys(props || {}).forEach(function (name) {
      const value = props[name];
      if (value === undefined || value === null || value === false) return;
      if (name.slice(0, 2) === 'on') el.addEventListener(name.slice(2), value);
      else if (name === 'value' || name === 'checked') el[name] = value;
      else el.setAttribute(name, value === true ? '' : value);
    });
    add(el, Array.prototype.slice.call(arguments, 2));
    return el;
  };
  function add(el, kids) {
    kids.forEach(function (kid) {
      if (Array.isArray(kid)) add(el, kid);
      else if (kid !== null && kid !== undefined && kid !== false) el.append(kid);
    });
  }

  ui.icon = function (name) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', 'icon');
    svg.setAttribute('aria-hidden', 'true');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    use.setAttribute('href', shell.icons + '#i-' + name);
    svg.append(use);
    return svg;
  };

  ui.top = function (title, back, under) {
    document.title = title + ' · ' + ui.t('product-name');
    return ui.h('header', { class: 'gy-top' },
      back ? ui.h('a', { class: 'btn btn-plain btn-icon gy-back', href: back, 'aria-label': ui.t('visit-offline-back') }, ui.icon('arrow-left')) : null,
      ui.h('h1', { class: 'gy-title', tabindex: '-1' }, title, under ? ui.h('span', { class: 'gy-2nd' }, ' ' + under) : null));
  };

  ui.button = function (label, kind, call, icon) {
    return ui.h('button', { type: 'button', class: 'btn ' + kind, onclick: call }, icon ? ui.icon(icon) : null, label);
  };
  ui.note = function (kind, icon, text, act) {
    return ui.h('div', { class: 'gy-note mb-2 ' + kind }, ui.icon(icon), ui.h('div', {}, text, act ? [' ', act] : null));
  };
  ui.state = function (icon, title, text, acts) {
    return ui.h('div', { class: 'gy-state' }, ui.h('div', { class: 'm' }, ui.icon(icon)), ui.h('h2', {}, title), ui.h('p', {}, text),
      acts ? ui.h('div', { class: 'acts' }, acts) : null);
  };

  /* 'YYYY-MM-DD' in Beijing, whatever the phone believes. */
  ui.dayOf = function (ms) { return new Date(ms + 8 * 3600000).toISOString().slice(0, 10); };
  ui.clockOf = function (ms) { return new Date(ms + 8 * 3600000).toISOString().slice(11, 16); };
  ui.today = function () { return ui.dayOf(off.now()); };

  const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  ui.day = function (iso) {
    if (!iso) return ui.t('visit-offline-no-day');
    const at = iso.split('-').map(Number);
    if (iso === ui.today()) return ui.t('visit-offline-today');
    if (iso === ui.dayOf(off.now() + 86400000)) return ui.t('visit-offline-tomorrow');
    return lang === 'en' ? at[2] + ' ' + MONTHS[at[1] - 1] : at[1] + '月' + at[2] + '日';
  };
  ui.moment = function (ms) {
    const day = ui.dayOf(ms);
    return (day === ui.today() ? '' : ui.day(day) + ' ') + ui.clockOf(ms);
  };
  ui.size = function (bytes) {
    return bytes < 1048576 ? Math.max(1, Math.round(bytes / 1024)) + ' KB' : (bytes / 1048576).toFixed(1) + ' MB';
  };

  /* Shows a page in <main>; the heading gets the focus so that a screen reader begins there. */
  ui.show = function (nodes, keepFocus) {
    const main = document.getElementById('main');
    main.replaceChildren();
    add(main, nodes);
    const heading = main.querySelector('h1');
    if (heading && !keepFocus) {
      window.scrollTo(0, 0);
      heading.focus({ preventScroll: true });
    }
  };

  /* A question with two answers, in the bottom sheet of app.js. */
  ui.ask = function (title, text, yes, no, bad) {
    return new Promise(function (done) {
      const link = ui.h('button', { type: 'button', hidden: true, 'data-confirm': title, 'data-confirm-text': text, 'data-confirm-yes': yes, 'data-confirm-no': no });
      if (bad) link.dataset.confirmBad = '';
      link.addEventListener('click', function () { link.remove(); done(true); });
      document.body.append(link);
      link.click();
    });
  };
})();
