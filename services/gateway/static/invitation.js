/* The invitation's token stands after the # of its link, so that no server, log or link preview sees it before it is used. */
(function () {
  "use strict";
  var token = window.location.hash.slice(1);
  var field = document.getElementById("f-token");
  if (!token || !field) { return; }
  field.value = token;
  window.history.replaceState(null, "", window.location.pathname);
  document.getElementById("open").submit();
}());
