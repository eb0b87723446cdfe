// Signing in again in another tab changes the CSRF token. The cookie always has the newest, so copy it into each form.

export function refreshToken(form) {
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
  const field = form.querySelector("[name=csrfmiddlewaretoken]");
  if (cookie && field) field.value = cookie[1];
}

// Use the capture phase, so that this runs before anything that reads the form.
document.addEventListener("submit", (event) => refreshToken(event.target), true);
