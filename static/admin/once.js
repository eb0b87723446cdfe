// Send a form once on a double click: the second answer would say that it is done already.
const DOUBLE_CLICK_MS = 1000;
let sent = { form: null, at: 0 };

document.addEventListener("submit", (event) => {
  const isSecond = event.target === sent.form && event.timeStamp - sent.at < DOUBLE_CLICK_MS;
  if (isSecond) event.preventDefault();
  else sent = { form: event.target, at: event.timeStamp };
});
