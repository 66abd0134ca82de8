/** Rows of features, row by row in one array. NaN is a value that is missing. */
export interface Table {
  width: number;
  values: Float32Array;
}

export function rowCount({ width, values }: Table): number {
  return width === 0 ? 0 : values.length / width;
}
