/** A payload by its hash; it downloads as an inert attachment and is never shown. */
export function PayloadLink({ sha256, whole = false }: { sha256: string; whole?: boolean }) {
  if (!/^[0-9a-f]{64}$/.test(sha256)) return <span class="mono dim">{sha256}</span>;
  return (
    <a
      class="mono payload"
      href={`/api/v1/payloads/${sha256}`}
      download={`${sha256}.bin`}
      title={`Download ${sha256}: live malware, perhaps`}
    >
      {whole ? sha256 : `${sha256.slice(0, 16)}…`} ↓
    </a>
  );
}
