/** Which constants of the language-server protocol does the completion use? These; the package holds far more. */
export const InsertTextFormat = { PlainText: 1, Snippet: 2 } as const;
export const InsertTextMode = { asIs: 1, adjustIndentation: 2 } as const;
