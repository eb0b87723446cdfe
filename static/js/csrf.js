// Signing in again in another tab changes the token that forms must carry; the cookie always has the newest.

export function refreshToken(form) {
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
  const field = form.querySelector("[name=csrfmiddlewaretoken]");
  if (cookie && field) field.value = cookie[1];
}

// Caught on its way down, so before anything that reads the form.
document.addEventListener("submit", (event) => refreshToken(event.target), true);
