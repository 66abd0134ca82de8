/** A filter box; `/` goes to it. */
export function Search({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
}) {
  return (
    <input
      class="search"
      type="search"
      data-search
      aria-label={label}
      placeholder={`${label}  ( / )`}
      maxLength={128}
      spellcheck={false}
      value={value}
      onInput={(e) => onChange(e.currentTarget.value)}
      onKeyDown={(e) => e.key === 'Escape' && e.currentTarget.blur()}
    />
  );
}

/** One of a few: drawn as buttons side by side. */
export function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  onChange: (value: string) => void;
}) {
  return (
    <fieldset class="choice">
      <legend class="hidden">{label}</legend>
      {options.map(([of, text]) => (
        <button key={of} type="button" aria-pressed={of === value} onClick={() => onChange(of)}>
          {text}
        </button>
      ))}
    </fieldset>
  );
}
