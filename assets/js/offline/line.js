/* offline/line: talking with the school's computer, and whose word counts about time and about who is signed in.

   off.standing()   → {is: 'same'|'new'|'other'|'signed-out'|'ended'|'away', csrf, …}. `away` is no network; `ended` is a session its owner
                      or the school ended, and then everything here is wiped.
   off.send(…)      → {status, body}; status 0 is no answer, so it is not known whether the thing arrived
   off.now()        → the server's time as far as known: the device's clock plus the difference seen at the last contact */
(function () {
  'use strict';
  const off = self.gyOffline;
  const PATIENCE = 25000;
  /* [P] days without a word from the server after which the downloaded visits go. */
  const KEEP_DAYS = 7;
  let csrf = '';
  let offset = 0;

  off.now = function () { return Date.now() + offset; };
  off.offset = function () { return offset; };

  off.send = async function (method, path, body, headers, patience) {
    const stop = self.AbortController ? new AbortController() : null;
    const timer = stop && setTimeout(function () { stop.abort(); }, patience || PATIENCE);
    const all = Object.assign({ accept: 'application/json' }, headers);
    if (method !== 'GET') all['x-csrf-token'] = csrf;
    const began = Date.now();
    try {
      const response = await self.fetch(path, {
        method: method, headers: all, body: body, credentials: 'same-origin', cache: 'no-store', redirect: 'manual',
        signal: stop ? stop.signal : undefined
      });
      const json = (response.headers.get('content-type') || '').indexOf('application/json') === 0;
      // The answer counts only when it has come whole.
      const answer = json ? await response.json() : null;
      // Half way between asking and hearing, so that a slow line does not look like a wrong clock.
      if (answer && answer.now) await learn(answer.now, (began + Date.now()) / 2);
      const sentAway = response.type === 'opaqueredirect';
      return { status: sentAway ? 401 : response.status, body: answer };
    } catch (e) {
      return { status: 0, body: null };
    } finally {
      clearTimeout(timer);
    }
  };

  async function learn(serverNow, here) {
    offset = Math.round(serverNow - here);
    await off.setMe({ offset: offset, seen: serverNow });
  }

  off.get = function (path, headers) { return off.send('GET', path, undefined, headers); };
  off.post = function (path, value) {
    return off.send('POST', path, JSON.stringify(value), { 'content-type': 'application/json' });
  };
  off.postBytes = function (path, bytes) {
    return off.send('POST', path, bytes, { 'content-type': 'application/octet-stream' }, 60000);
  };

  off.standing = async function () {
    const me = await off.me();
    if (me) offset = me.offset;
    const told = await off.get('/visits/offline/standing.json', me ? { 'x-gy-device': me.device } : {});
    if (told.status !== 200) return { is: told.status === 401 ? 'signed-out' : 'away', status: told.status };
    const s = told.body;
    csrf = s.csrf || '';
    if (s.device === 'ended') {
      await off.wipe();
      return Object.assign(s, { is: s.account ? 'new' : 'ended' });
    }
    if (!s.account) return Object.assign(s, { is: 'signed-out' });
    if (!me) return Object.assign(s, { is: 'new' });
    if (me.account !== s.account) {
      // Somebody else signed in on this phone. What the school has already goes without a question.
      if (await off.unsent()) return Object.assign(s, { is: 'other' });
      await off.wipe();
      return Object.assign(s, { is: 'new' });
    }
    if (s.introduce) await off.post('/visits/offline/device.json', { device: me.device });
    return Object.assign(s, { is: 'same' });
  };

  /* The phone becomes this account's, known to the server so that it can be told to forget. */
  off.settle = async function (account) {
    const me = await off.take(account);
    const told = await off.post('/visits/offline/device.json', { device: me.device });
    return told.status === 200;
  };

  /* Downloads the visits of the next days in place of those here. */
  off.download = async function () {
    const told = await off.get('/visits/offline/today.json');
    if (told.status !== 200) return told.status;
    const me = await off.me();
    if (!me || me.account !== told.body.account) return 0;
    const changes = [{ in: 'visits', clear: true }];
    for (const visit of told.body.visits) {
      changes.push({ in: 'visits', put: { id: visit.id, key: visit.key, day: visit.day, sealed: await off.seal(me, 'visits', visit.id, visit) } });
    }
    const about = { prefs: told.body.prefs, name: told.body.name, staff: told.body.staff, pupils: told.body.pupils, today: told.body.today };
    const sealed = await off.seal(me, 'meta', 'about', about);
    await off.db.write(changes);
    await off.setMe({ day: told.body.today, about: sealed });
    return 200;
  };

  /* Visits too old to be kept go; a record that has not been sent never goes by age. */
  off.age = async function () {
    const me = await off.me();
    if (!me) return;
    offset = me.offset;
    const old = off.now() - me.seen > KEEP_DAYS * 86400000;
    if (old && me.seen) {
      await off.db.write([{ in: 'visits', clear: true }]);
      await off.setMe({ about: null, day: '' });
    }
    const items = await off.db.all('items');
    const past = items.filter(function (i) { return i.state === 'settled' && off.now() - i.arrivedAt > KEEP_DAYS * 2 * 86400000; });
    await off.db.write(past.map(function (i) { return { in: 'items', del: i.key }; }));
  };
})();
