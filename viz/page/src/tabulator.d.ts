// SPDX-License-Identifier: GPL-3.0-or-later
// The little of Tabulator (which ships no types) that the page calls.
declare module "tabulator-tables" {
  export class Tabulator {
    constructor(el: HTMLElement, options: never);
    static registerModule(modules: unknown[]): void;
    on(event: string, handler: (...args: never[]) => void): void;
    destroy(): void;
    redraw(full?: boolean): void;
    replaceData(rows: never): Promise<void>;
    getRows(which: never): { reformat(): void }[];
    getDataCount(which: string): number;
    clearHeaderFilter(): void;
    download(kind: string, name: string, options?: object): void;
  }
  export const AccessorModule: unknown;
  export const DownloadModule: unknown;
  export const EditModule: unknown;
  export const ExportModule: unknown;
  export const FilterModule: unknown;
  export const FormatModule: unknown;
  export const InteractionModule: unknown;
  export const KeybindingsModule: unknown;
  export const ResizeColumnsModule: unknown;
  export const ResizeTableModule: unknown;
  export const SortModule: unknown;
}
