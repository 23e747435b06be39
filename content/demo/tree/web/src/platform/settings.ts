// Switches of this system, as the server sends them with the page.
const values: Record<string, boolean> = JSON.parse(document.body.dataset.settings ?? '{}');

export const setting = (key: string): boolean => values[key] ?? true;
