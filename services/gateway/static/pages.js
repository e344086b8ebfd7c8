/* Small conveniences.  Every page works without this file. */
(function () {
  "use strict";

  // a form that was sent once is not sent again by an impatient second press
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method === "post") { form.dataset.sent = "1"; }
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  // 全选
  document.querySelectorAll("input[data-all]").forEach(function (all) {
    all.hidden = false;
    all.addEventListener("change", function () {
      document.querySelectorAll('input[name="' + all.dataset.all + '"]').forEach(function (one) { one.checked = all.checked; });
    });
  });

  // leaving a page with unsaved text asks first
  var dirty = false;
  document.querySelectorAll("form[data-keep]").forEach(function (form) {
    form.addEventListener("input", function () { dirty = true; });
    form.addEventListener("submit", function () { dirty = false; });
  });
  window.addEventListener("beforeunload", function (event) {
    if (dirty) { event.preventDefault(); event.returnValue = ""; }
  });

  // 打印
  document.querySelectorAll("button[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // the message after doing something is read out first
  var note = document.querySelector(".note[tabindex]");
  if (note) { note.focus(); }
}());
