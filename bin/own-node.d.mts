// Finds the Node that enks brings along.

export declare function findOwnNode(root: string): string | null;
export declare function nodeMissing(): string;
