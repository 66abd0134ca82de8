export function DecisionView({ id }: { id: string }) {
  return <p class="notice">{id}</p>;
}
