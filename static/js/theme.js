// Sets the theme before the first paint; the only script that is not deferred.
(function () {
  "use strict";
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search).get("theme");
  let kept = null;
  try { kept = localStorage.getItem("theme"); } catch { kept = null; }
  const theme = asked === "light" || asked === "dark" ? asked : kept;
  if (theme === "light" || theme === "dark") { root.dataset.theme = theme; }
  root.classList.add("js");
})();
