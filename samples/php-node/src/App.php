<?php

namespace Hello;

/** A page by PHP, with a script that Vite built and named by its content. */
final class App
{
    public const VERSION = '1.0.0';

    public function __construct(private readonly string $root) {}

    /** @return array{int, string, string} status, content type, body */
    public function answer(string $path): array
    {
        return match ($path) {
            '/' => [200, 'application/json', json_encode($this->about())],
            '/page' => [200, 'text/html', '<!doctype html><title>Hello</title><p id="assets"></p><script type="module" src="' . $this->script() . '"></script>'],
            '/health' => [200, 'text/plain', 'ok'],
            default => [404, 'text/plain', 'not found'],
        };
    }

    /** @return array<string, mixed> */
    private function about(): array
    {
        return [
            'app' => 'hello-php-node',
            'version' => self::VERSION,
            'runtime' => PHP_VERSION,
            'node' => trim((string) shell_exec('node --version')),
            'redis' => extension_loaded('redis'),
            'script' => $this->script(),
        ];
    }

    private function script(): string
    {
        $manifest = json_decode(file_get_contents($this->root . '/public/build/manifest.json'), true);
        return '/build/' . $manifest['resources/js/app.js']['file'];
    }
}
