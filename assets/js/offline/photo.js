/* offline/photo: a photo made smaller on the phone, to at most 2048 pixels and as JPEG, without what the camera wrote into it (place, device).
   Kept sealed at once; the page keeps only a thumbnail.

   off.photo.add(me, draft, file)  → {key, kind, name, size, sha256, thumb, at}; throws {code: 'not-a-picture' | 'full'}
   off.photo.remove(draft, key) */
(function () {
  'use strict';
  const off = self.gyOffline;
  const LONGEST = 2048;
  const THUMB = 160;

  function image(file) {
    if (self.createImageBitmap) {
      return self.createImageBitmap(file, { imageOrientation: 'from-image' }).catch(function () { return drawn(file); });
    }
    return drawn(file);
  }
  function drawn(file) {
    return new Promise(function (done, failed) {
      const reader = new FileReader();
      reader.onerror = failed;
      reader.onload = function () {
        const img = new Image();
        img.onload = function () { done(img); };
        img.onerror = failed;
        img.src = reader.result;
      };
      reader.readAsDataURL(file);
    });
  }

  function canvasOf(source, longest) {
    const scale = Math.min(1, longest / Math.max(source.width, source.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(source.width * scale));
    canvas.height = Math.max(1, Math.round(source.height * scale));
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  function jpeg(canvas) {
    return new Promise(function (done, failed) {
      canvas.toBlob(function (blob) { if (blob) done(blob); else failed(new Error('no jpeg')); }, 'image/jpeg', 0.82);
    });
  }

  off.photo = {
    add: async function (me, draft, file) {
      let canvas, thumb;
      try {
        const source = await image(file);
        canvas = canvasOf(source, LONGEST);
        thumb = canvasOf(source, THUMB).toDataURL('image/jpeg', 0.7);
        if (source.close) source.close();
      } catch (e) {
        throw Object.assign(new Error('not a picture'), { code: 'not-a-picture' });
      }
      const bytes = await new Response(await jpeg(canvas)).arrayBuffer();
      return off.photo.keep(me, draft, 'photo', bytes, thumb);
    },
    /* Keeps bytes as a file of the draft; `photo` or `signature`. */
    keep: async function (me, draft, kind, bytes, thumb) {
      const photo = { key: off.uuid(), kind: kind, size: bytes.byteLength, sha256: await off.sha256(bytes), thumb: thumb, at: Date.now() };
      const sealed = await off.sealBytes(me, 'files', photo.key, bytes);
      try {
        await off.db.put('files', { key: photo.key, draft: draft.id, sealed: sealed });
      } catch (e) {
        throw Object.assign(new Error('no room'), { code: 'full' });
      }
      draft.photos.push(photo);
      await off.draft.save(me, draft);
      return photo;
    },
    remove: async function (me, draft, key) {
      draft.photos = draft.photos.filter(function (p) { return p.key !== key; });
      await off.draft.save(me, draft);
      await off.db.write([{ in: 'files', del: key }]);
    }
  };
})();
