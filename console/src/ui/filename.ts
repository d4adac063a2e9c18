/** What the server calls the file that it sends, by its Content-Disposition (RFC 6266). */
export function nameOf(disposition: string | null, otherwise: string): string {
  const encoded = disposition?.match(/filename\*=UTF-8''([^;]+)/i)?.[1]
  if (encoded) {
    try {
      return decodeURIComponent(encoded)
    } catch {
      // What is not encoded well counts as not told.
    }
  }
  return disposition?.match(/filename="?([^";]+)"?/i)?.[1] ?? otherwise
}
