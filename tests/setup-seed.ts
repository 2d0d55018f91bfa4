import * as fc from 'fast-check';

// Whether a mutant lives must not hang on the draw: an unlucky one would turn a green run red, a lucky one hide a gap.
fc.configureGlobal({ seed: 20_260_115 });
