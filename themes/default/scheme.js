// Light or dark as the reader last chose, before anything is drawn.
try {
  const chosen = localStorage.getItem("daybreak-scheme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.scheme = chosen;
} catch {} // a browser may keep pages from remembering
