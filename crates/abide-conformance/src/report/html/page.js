// Comfort only: everything can be read without it. No less-than sign and no ampersand, so that the page stays XML.
(() => {
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  const button = (words, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.addEventListener("click", () => act(made));
    return made;
  };

  // A button that copies, beside each command.
  if (navigator.clipboard) {
    all(".command").forEach((command) => {
      command.prepend(button("Copy", (made) => {
        navigator.clipboard.writeText(command.querySelector("code").textContent).then(() => {
          made.textContent = "Copied";
          setTimeout(() => { made.textContent = "Copy"; }, 1500);
        }, () => { made.textContent = "Not allowed"; });
      }));
    });
  }

  // Everything open, or closed.
  const form = document.querySelector(".filter");
  if (form) {
    form.addEventListener("submit", (event) => event.preventDefault());
    const set = (open) => all("details.requirement, details.run").forEach((details) => { details.open = open; });
    form.append(button("Open all", () => set(true)), button("Close all", () => set(false)));
  }

  // Where a link leads is open.
  const reveal = () => {
    const target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    if (target) {
      if (target.localName === "details") target.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();

  // Paper cannot be opened.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details.requirement:not([open]), details.run:not([open])");
    closed.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((details) => { details.open = false; }));
})();
