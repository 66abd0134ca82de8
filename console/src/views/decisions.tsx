export function Decisions() {
  return <p class="notice">…</p>;
}
