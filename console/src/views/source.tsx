export function SourceView({ ip }: { ip: string }) {
  return <p class="notice">{ip}</p>;
}
