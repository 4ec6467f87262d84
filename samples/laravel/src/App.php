<?php

namespace Hello;

final class App
{
    /** @return array{int, array<string, string>} */
    public static function answer(string $path, string $version): array
    {
        return match ($path) {
            '/health' => [200, ['status' => 'ok']],
            '/' => [200, ['app' => 'hello-laravel', 'version' => $version, 'runtime' => PHP_VERSION]],
            default => [404, ['error' => 'not found']],
        };
    }
}
