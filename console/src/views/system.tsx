export function System() {
  return <p class="notice">…</p>;
}
