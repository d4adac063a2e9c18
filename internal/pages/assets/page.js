// What a page gains from script. Every part is found by an attribute of the
// template and does nothing where the attribute is missing; a control that
// works only with script is hidden until then.
"use strict";

// Show-password button: data-reveal names the field, data-hide the other label.
for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  const show = button.textContent;
  button.hidden = false;
  const set = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : show;
    button.setAttribute("aria-pressed", String(shown));
  };
  button.addEventListener("click", () => {
    set(field.type === "password");
    field.focus();
  });
  // A password manager recognises the field it fills by its type.
  if (field.form) field.form.addEventListener("submit", () => set(false));
}

// Caps-lock hint: data-caps-lock names the field, data-text the sentence.
for (const hint of document.querySelectorAll("[data-caps-lock]")) {
  const field = document.getElementById(hint.dataset.capsLock);
  const look = (event) => {
    if (!event.getModifierState) return;
    const text = event.getModifierState("CapsLock") ? hint.dataset.text : "";
    if (hint.textContent !== text) hint.textContent = text;
  };
  field.addEventListener("keydown", look);
  field.addEventListener("keyup", look);
  field.addEventListener("mousedown", look);
  field.addEventListener("blur", () => { hint.textContent = ""; });
}

// Another address: data-elsewhere is the one that is configured. It is compared
// here, as a server cannot know by which name it was reached.
for (const hint of document.querySelectorAll("[data-elsewhere]")) {
  hint.hidden = location.origin === hint.dataset.elsewhere;
}

// Copy button: data-copy is the text, data-done the label afterwards. The
// clipboard exists in secure contexts only; elsewhere the text is selected.
for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.textContent;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const shown = button.parentElement.querySelector("code");
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      getSelection().selectAllChildren(shown);
      if (!document.execCommand("copy")) return;
    }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

// Slide puzzle: data-slide names the slider that moves the piece.
for (const piece of document.querySelectorAll("[data-slide]")) {
  const slider = document.getElementById(piece.dataset.slide);
  const move = () => piece.setAttribute("x", slider.value);
  slider.addEventListener("input", move);
  move();
}

// Waiting: a form is sent once, and after 400 ms the pressed button says so.
for (const form of document.querySelectorAll("form[data-waiting]")) {
  let timer = 0, button, label;
  form.addEventListener("submit", (event) => {
    if (timer) {
      event.preventDefault();
      return;
    }
    button = event.submitter || form.querySelector("button[type=submit]");
    label = button.textContent;
    timer = setTimeout(() => {
      button.textContent = form.dataset.waiting;
      button.setAttribute("aria-busy", "true");
    }, 400);
  });
  // The back button brings the page back as it was left.
  addEventListener("pageshow", (event) => {
    if (!event.persisted || !timer) return;
    clearTimeout(timer);
    timer = 0;
    button.textContent = label;
    button.removeAttribute("aria-busy");
  });
}

// Times: how long ago, in the visitor's language; the exact time, in the
// visitor's zone, when it is pointed at.
for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  const past = (at - Date.now()) / 1000;
  const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]].find(([s]) => Math.abs(past) >= s || s === 1);
  const lang = document.documentElement.lang;
  time.title = at.toLocaleString(lang);
  time.textContent = Math.abs(past) < 86400 * 30 ? new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(Math.trunc(past / size), unit) : at.toLocaleString(lang);
}

// A page whose only purpose is its form goes on by itself; its button is for
// browsers without script, and shows where the back button leads.
for (const form of document.querySelectorAll("form[data-submit]")) form.requestSubmit();
