/* door: the door of an open day, on a page with `offline-core.js` before it.
   <section data-door="ID" data-account="ID" data-words='{…}'>
     <button data-door-camera hidden>, <video data-door-video hidden>, <form data-door-form> with the field `ticket`,
     <p data-door-said hidden>, <p data-door-waits hidden>
   With BarcodeDetector the camera reads tickets; without it the button stays away: any camera program leads to the same
   page. Without a network a ticket is looked up in the list taken along and kept, sealed under the account's own key, in
   the store `door`; sent when the network is back, each under its key. A ticket comes once, so that sending
   twice changes nothing. The list holds hashes of tickets, never the tickets. */
(function () {
  'use strict';
  const place = document.querySelector('[data-door]');
  if (!place || !self.gyOffline) return;
  const off = self.gyOffline;
  const day = place.dataset.door;
  const words = JSON.parse(place.dataset.words);
  const said = place.querySelector('[data-door-said]');
  const waits = place.querySelector('[data-door-waits]');
  const form = place.querySelector('[data-door-form]');
  const field = form.querySelector('[name=ticket]');
  const LIST = 'list-' + day;

  function csrf() { return document.querySelector('meta[name=csrf]').content; }

  function tell(text, good) {
    said.textContent = text;
    said.classList.toggle('is-good', good);
    said.classList.toggle('is-bad', !good);
    said.hidden = false;
  }

  /* Whose phone this is: the visits' own rule, so that one account never reads what another kept. */
  async function mine() {
    const me = await off.me();
    if (me && me.account === place.dataset.account) return me;
    if (me && (await off.unsent()) > 0) return null;
    return off.take(place.dataset.account);
  }

  async function kept() {
    const all = await off.db.all('door');
    return all.filter(function (d) { return d.state === 'came' && d.day === day; });
  }

  async function count() {
    const n = (await kept()).length;
    waits.hidden = n === 0;
    waits.textContent = n ? words.kept + ' ' + n : '';
  }

  async function takeList() {
    const me = await mine();
    if (!me) return;
    const answer = await fetch('/open-days/' + day + '/door.json', { headers: { accept: 'application/json' } });
    if (!answer.ok) return;
    const sealed = await off.seal(me, 'door', LIST, (await answer.json()).families);
    await off.db.put('door', { id: LIST, state: 'list', day: day, sealed: sealed });
  }

  async function inList(ticket) {
    const me = await mine();
    const row = me && await off.db.get('door', LIST);
    if (!row) return null;
    const hash = await off.sha256(new TextEncoder().encode(ticket));
    const list = await off.unseal(me, 'door', LIST, row.sealed);
    return list.find(function (f) { return f.ticket === hash; }) || null;
  }

  async function post(items) {
    const answer = await fetch('/open-days/' + day + '/arrivals.json', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'x-csrf-token': csrf() },
      body: JSON.stringify({ items: items })
    });
    if (!answer.ok) throw new Error('refused');
    return (await answer.json()).items;
  }

  async function keep(key, ticket) {
    const me = await mine();
    if (!me) return false;
    const sealed = await off.seal(me, 'door', key, ticket);
    await off.db.put('door', { id: key, state: 'came', day: day, sealed: sealed });
    return true;
  }

  async function send() {
    const rows = await kept();
    const me = rows.length && await mine();
    if (!me) return;
    const items = await Promise.all(rows.map(async function (row) {
      return { key: row.id, ticket: await off.unseal(me, 'door', row.id, row.sealed) };
    }));
    const became = await post(items);
    await off.db.write(rows.filter(function (row) { return became[row.id]; })
      .map(function (row) { return { in: 'door', del: row.id }; }));
    tell(words.sent, true);
    await count();
  }

  function clean(text) { return text.trim().split('/').pop(); }

  async function arrive(text) {
    const ticket = clean(text);
    if (!ticket) return;
    const key = off.uuid();
    const family = await inList(ticket).catch(function () { return null; });
    const name = family ? family.name + ' ' + family.children : '';
    try {
      const became = (await post([{ key: key, ticket: ticket }]))[key];
      const good = became === 'done' || became === 'before';
      tell((words[became] || words.unknown) + ' ' + name, good);
    } catch (e) {
      if (await keep(key, ticket)) tell(words.kept + ' ' + name, true);
      await count();
    }
    field.value = '';
  }

  form.addEventListener('submit', function (event) {
    event.preventDefault();
    arrive(field.value);
  });

  const button = place.querySelector('[data-door-camera]');
  const video = place.querySelector('[data-door-video]');
  let stream = null;
  let last = '';

  function close() {
    if (stream) stream.getTracks().forEach(function (t) { t.stop(); });
    stream = null;
    video.hidden = true;
  }

  async function look(detector) {
    if (!stream) return;
    const codes = await detector.detect(video).catch(function () { return []; });
    if (codes.length && codes[0].rawValue !== last) {
      last = codes[0].rawValue;
      await arrive(last);
    }
    setTimeout(function () { look(detector); }, 250);
  }

  if ('BarcodeDetector' in self && navigator.mediaDevices) {
    button.hidden = false;
    button.addEventListener('click', async function () {
      if (stream) { close(); return; }
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
        video.srcObject = stream;
        video.hidden = false;
        await video.play();
        look(new self.BarcodeDetector({ formats: ['qr_code'] }));
      } catch (e) {
        close();
        tell(words.none, false);
      }
    });
  } else {
    place.querySelector('[data-door-hint]').textContent = words.none;
  }

  self.addEventListener('online', function () { send().catch(function () {}); });
  takeList().catch(function () {});
  count().then(send).catch(function () {});
  setInterval(function () { send().catch(function () {}); }, 30000);
})();
