export function FindingView({ id }: { id: string }) {
  return <p class="notice">{id}</p>;
}
