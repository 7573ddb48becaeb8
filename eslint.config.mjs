import tseslint from '@typescript-eslint/eslint-plugin';

export default [
  ...tseslint.configs['flat/strict-type-checked'],
  {
    languageOptions: {
      parserOptions: {
        project: ['labextension/tsconfig.test.json'],
        tsconfigRootDir: import.meta.dirname
      }
    },
    rules: {
      eqeqeq: 'error',
      curly: 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports' }
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/naming-convention': [
        'error',
        // Jupyter's convention: it tells a contract from a class at a glance.
        { selector: 'interface', format: ['PascalCase'], prefix: ['I'] }
      ],
      // Numbers and booleans read well in templates.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true }
      ],
      // `void` on a promise says that its failure is kept in a model.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Lumino signals bind the method to the object that is passed with it.
      '@typescript-eslint/unbound-method': 'off',
      // Lab's classes are full of static-only namespaces and empty bases.
      '@typescript-eslint/no-extraneous-class': 'off'
    }
  },
  {
    files: ['labextension/test/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off'
    }
  }
];
