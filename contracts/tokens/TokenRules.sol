// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IABTokenFactory} from '../interfaces/IABTokenFactory.sol';

/// @title What a token may be called and how much of it there may be
/// @notice The rules of the domain, enforced on chain as well: whoever calls the factory directly is bound by them too.
library TokenRules {
    uint256 internal constant NAME_LENGTH_MAX = 50;
    uint256 internal constant SYMBOL_LENGTH_MAX = 10;
    uint256 internal constant METADATA_URI_LENGTH_MAX = 512;
    uint8 internal constant DECIMALS_MAX = 18;
    /// @dev In whole tokens. With 18 decimals 10^45 base units, far below the 2^208 that votes can count.
    uint256 internal constant SUPPLY_MAX = 10 ** 27;

    /// @dev Bit n is set where the ASCII character n is allowed.
    uint256 private constant DIGITS = 0x3ff << 0x30;
    uint256 private constant UPPER_CASE = 0x3ffffff << 0x41;
    uint256 private constant LOWER_CASE = 0x3ffffff << 0x61;
    uint256 private constant SPACE = 1 << 0x20;
    uint256 private constant GRAPHIC = ((1 << 0x5e) - 1) << 0x21;

    /// @dev Reverts with the error of IABTokenFactory that names the first value at fault.
    function check(IABTokenFactory.TokenParameters memory parameters) internal pure {
        if (
            !_isText(parameters.name, 1, NAME_LENGTH_MAX, DIGITS | UPPER_CASE | LOWER_CASE | SPACE) ||
            _hasSpaceAtAnEnd(parameters.name)
        ) {
            revert IABTokenFactory.InvalidName(parameters.name);
        }
        if (!_isText(parameters.symbol, 1, SYMBOL_LENGTH_MAX, DIGITS | UPPER_CASE)) {
            revert IABTokenFactory.InvalidSymbol(parameters.symbol);
        }
        if (parameters.decimals > DECIMALS_MAX) revert IABTokenFactory.DecimalsTooLarge(parameters.decimals);
        uint256 wholeToken = 10 ** parameters.decimals;
        if (parameters.totalSupply < wholeToken || parameters.totalSupply > SUPPLY_MAX * wholeToken) {
            revert IABTokenFactory.SupplyOutOfRange(
                parameters.totalSupply,
                wholeToken,
                SUPPLY_MAX * wholeToken
            );
        }
        checkMetadataURI(parameters.metadataURI);
    }

    /// @dev Reverts with InvalidMetadataURI. Empty is allowed.
    function checkMetadataURI(string memory metadataURI) internal pure {
        if (!_isText(metadataURI, 0, METADATA_URI_LENGTH_MAX, GRAPHIC)) {
            revert IABTokenFactory.InvalidMetadataURI(metadataURI);
        }
    }

    /// @dev Such a name looks like another one, or like none. The text is not empty.
    function _hasSpaceAtAnEnd(string memory text) private pure returns (bool) {
        bytes memory characters = bytes(text);
        return characters[0] == ' ' || characters[characters.length - 1] == ' ';
    }

    function _isText(
        string memory text,
        uint256 lengthMin,
        uint256 lengthMax,
        uint256 allowed
    ) private pure returns (bool) {
        bytes memory characters = bytes(text);
        if (characters.length < lengthMin || characters.length > lengthMax) return false;
        for (uint256 i = 0; i < characters.length; ++i) {
            if ((allowed >> uint8(characters[i])) & 1 == 0) return false;
        }
        return true;
    }
}
