export declare const downloads: string;
export declare function chromiumBrowsers(): string[];
export declare function firefoxBrowser(): string | undefined;
