export function Findings() {
  return <p class="notice">…</p>;
}
