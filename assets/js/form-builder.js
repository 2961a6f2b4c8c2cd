/* form-builder: cards for questions; each shows only what its kind needs, empty spare cards wait folded away.

   [data-form-builder] > [data-question] ([data-spare]), select[data-question-kind], [data-question-for="one many"],
   [data-question-add] > button, written hidden */
(function () {
  'use strict';
  var gy = window.gy;

  function fit(card) {
    var kind = card.querySelector('[data-question-kind]').value;
    gy.all('[data-question-for]', card).forEach(function (el) {
      el.hidden = el.dataset.questionFor.split(' ').indexOf(kind) < 0;
    });
    gy.all('input[id$=_from], input[id$=_to]', card).forEach(function (input) {
      input.type = kind === 'date' ? 'date' : 'text';
    });
  }
  function spare(builder) { return builder.querySelector('[data-question][data-spare]'); }

  gy.all('[data-form-builder]').forEach(function (builder) {
    gy.all('[data-question]', builder).forEach(function (card) {
      fit(card);
      card.hidden = 'spare' in card.dataset;
    });
    builder.querySelector('[data-question-add]').hidden = !spare(builder);
  });
  gy.on('change', '[data-question-kind]', function (select) { fit(select.closest('[data-question]')); });
  gy.on('click', '[data-question-add] button', function (button) {
    var builder = button.closest('[data-form-builder]');
    var next = spare(builder);
    if (!next) return;
    delete next.dataset.spare;
    next.hidden = false;
    next.querySelector('input').focus();
    button.parentElement.hidden = !spare(builder);
  });
})();
