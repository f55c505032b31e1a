// Before the first paint: that scripts run, and whether day, night or as the system was chosen in this browser.
document.documentElement.classList.add("scripted");
const kept = localStorage.getItem("glossa-appearance");
if (["light", "dark"].includes(kept)) document.documentElement.dataset.theme = kept;
