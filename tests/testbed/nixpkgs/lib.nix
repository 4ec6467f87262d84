# The functions of nixpkgs' lib that flakes of apps use.
let
  inherit (builtins)
    attrNames
    attrValues
    concatMap
    concatStringsSep
    elem
    elemAt
    filter
    foldl'
    genList
    head
    isAttrs
    length
    listToAttrs
    map
    mapAttrs
    replaceStrings
    stringLength
    substring
    tail
    ;

  lib = rec {
    inherit (builtins)
      all
      any
      attrNames
      attrValues
      compareVersions
      concatLists
      concatMap
      concatStringsSep
      elem
      elemAt
      filter
      foldl'
      fromJSON
      functionArgs
      genList
      groupBy
      hasAttr
      head
      intersectAttrs
      isAttrs
      isBool
      isFunction
      isInt
      isList
      isString
      length
      listToAttrs
      map
      mapAttrs
      match
      pathExists
      readFile
      removeAttrs
      replaceStrings
      sort
      splitVersion
      stringLength
      substring
      tail
      toJSON
      trace
      ;

    id = value: value;
    const = value: _: value;
    flip =
      f: a: b:
      f b a;
    pipe = foldl' (value: f: f value);
    foldl = foldl';
    warn = message: builtins.trace "warning: ${message}";
    throwIf = condition: message: if condition then throw message else id;
    throwIfNot = condition: throwIf (!condition);
    assertMsg = condition: message: condition || throw message;
    version = "offline";

    # Attribute sets.
    nameValuePair = name: value: { inherit name value; };
    genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);
    mapAttrs' = f: set: listToAttrs (map (name: f name set.${name}) (attrNames set));
    mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
    filterAttrs =
      keep: set: listToAttrs (map (name: nameValuePair name set.${name}) (filter (name: keep name set.${name}) (attrNames set)));
    concatMapAttrs = f: set: mergeAttrsList (mapAttrsToList f set);
    mergeAttrsList = foldl' (a: b: a // b) { };
    optionalAttrs = condition: set: if condition then set else { };
    attrByPath =
      path: default: set:
      if path == [ ] then
        set
      else if isAttrs set && set ? ${head path} then
        attrByPath (tail path) default set.${head path}
      else
        default;
    getAttrFromPath = path: attrByPath path (throw "no attribute ${concatStringsSep "." path}");
    recursiveUpdate =
      a: b:
      a
      // mapAttrs (name: value: if isAttrs value && isAttrs (a.${name} or null) && !isDerivation value then recursiveUpdate a.${name} value else value) b;
    isDerivation = value: isAttrs value && value.type or null == "derivation";
    makeOverridable = f: arguments: (f arguments) // { override = change: makeOverridable f (arguments // (if builtins.isFunction change then change arguments else change)); };
    callPackageWith =
      set: file: arguments:
      let
        f = if builtins.isFunction file then file else import file;
      in
      makeOverridable f (builtins.intersectAttrs (builtins.functionArgs f) set // arguments);

    # Lists.
    optional = condition: value: if condition then [ value ] else [ ];
    optionals = condition: list: if condition then list else [ ];
    singleton = value: [ value ];
    toList = value: if builtins.isList value then value else [ value ];
    flatten = value: if builtins.isList value then concatMap flatten value else [ value ];
    unique = foldl' (seen: value: if elem value seen then seen else seen ++ [ value ]) [ ];
    last = list: elemAt list (length list - 1);
    range = first: end: if first > end then [ ] else genList (n: first + n) (end - first + 1);
    imap0 = f: list: genList (n: f n (elemAt list n)) (length list);
    remove = value: filter (other: other != value);
    reverseList = list: genList (n: elemAt list (length list - n - 1)) (length list);
    findFirst =
      matches: default: list:
      let
        found = filter matches list;
      in
      if found == [ ] then default else head found;

    # Strings.
    optionalString = condition: text: if condition then text else "";
    concatStrings = concatStringsSep "";
    concatLines = concatMapStrings (line: line + "\n");
    concatMapStrings = f: list: concatStrings (map f list);
    concatMapStringsSep =
      separator: f: list:
      concatStringsSep separator (map f list);
    hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
    hasSuffix =
      suffix: text:
      stringLength text >= stringLength suffix && substring (stringLength text - stringLength suffix) (-1) text == suffix;
    hasInfix = part: text: length (builtins.split (escapeRegex part) text) > 1;
    removePrefix = prefix: text: if hasPrefix prefix text then substring (stringLength prefix) (-1) text else text;
    removeSuffix =
      suffix: text: if hasSuffix suffix text then substring 0 (stringLength text - stringLength suffix) text else text;
    splitString = separator: text: filter builtins.isString (builtins.split (escapeRegex separator) text);
    escape = characters: replaceStrings characters (map (character: "\\${character}") characters);
    escapeRegex = escape [ "\\" "^" "$" "." "|" "?" "*" "+" "(" ")" "[" "]" "{" "}" ];
    escapeShellArg = value: "'${replaceStrings [ "'" ] [ "'\\''" ] (toString value)}'";
    escapeShellArgs = concatMapStringsSep " " escapeShellArg;
    boolToString = value: if value then "true" else "false";
    fileContents = file: removeSuffix "\n" (builtins.readFile file);
    versionAtLeast = a: b: builtins.compareVersions a b >= 0;
    versionOlder = a: b: builtins.compareVersions a b < 0;
    getVersion = package: package.version or (builtins.parseDrvName package).version;
    getName = package: package.pname or (builtins.parseDrvName (package.name or package)).name;

    # Packages and paths.
    getOutput = output: package: package.${output} or package.out or package;
    getBin = getOutput "bin";
    getLib = getOutput "lib";
    getDev = getOutput "dev";
    getExe = package: getExe' package (package.meta.mainProgram or (getName package));
    getExe' = package: program: "${getBin package}/bin/${program}";
    makeSearchPath = folder: concatMapStringsSep ":" (package: "${package}/${folder}");
    makeBinPath = packages: makeSearchPath "bin" (map getBin packages);
    makeLibraryPath = packages: makeSearchPath "lib" (map getLib packages);
    cleanSource = source: cleanSourceWith { src = source; };
    cleanSourceWith =
      {
        src,
        filter ? (_: _: true),
        name ? "source",
      }:
      builtins.path {
        path = src;
        inherit name;
        filter = path: type: baseNameOf path != ".git" && filter path type;
      };
    licenses = genAttrs [ "mit" "asl20" "bsd3" "gpl3Plus" "unfree" ] (spdxId: { inherit spdxId; });
    platforms = {
      linux = [ "x86_64-linux" "aarch64-linux" ];
      all = [ "x86_64-linux" "aarch64-linux" ];
      unix = [ "x86_64-linux" "aarch64-linux" ];
    };
  };
in
lib // { lists = lib; strings = lib; attrsets = lib; trivial = lib; }
