// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from '@openzeppelin/contracts/token/ERC20/ERC20.sol';
import {ERC20Permit} from '@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol';
import {ERC20Votes} from '@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol';
import {Nonces} from '@openzeppelin/contracts/utils/Nonces.sol';

/// @title A launched token: fixed supply, permits (ERC-2612) and votes of past blocks (ERC-5805)
/// @notice Nobody can mint, burn, pause or take back. Voting power counts once it is delegated. Permits are signed in the
/// domain that eip712Domain() tells: the token's name cut to 31 characters, version "1".
contract ABToken is ERC20, ERC20Permit, ERC20Votes {
    uint8 private immutable _decimals;

    /// @param totalSupply_ base units, all minted to `holder`; below 2^208, the most that votes can count
    /// @param spender allowed to take `allowance_` base units from the holder from the start, so that a pool can be opened
    /// in the transaction that makes the token; ignored where the allowance is 0
    constructor(
        string memory name_,
        string memory symbol_,
        uint256 totalSupply_,
        uint8 decimals_,
        address holder,
        address spender,
        uint256 allowance_
    ) ERC20(name_, symbol_) ERC20Permit(_domainName(name_)) {
        _decimals = decimals_;
        _mint(holder, totalSupply_);
        if (allowance_ != 0) _approve(holder, spender, allowance_);
    }

    /// @notice How an amount of base units is shown in whole tokens.
    /// @return digits of an amount that stand behind the point
    function decimals() public view override returns (uint8 digits) {
        return _decimals;
    }

    /// @notice How many permits and delegations the owner has signed so far.
    /// @param owner any account
    /// @return nonce of the owner's next permit or delegation
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256 nonce) {
        return super.nonces(owner);
    }

    /// @dev EIP712 keeps 31 bytes at most; longer names are cut to that, as eip712Domain() (ERC-5267) tells.
    function _domainName(string memory name_) private pure returns (string memory) {
        bytes memory whole = bytes(name_);
        if (whole.length <= 31) return name_;
        bytes memory start = new bytes(31);
        for (uint256 i = 0; i < 31; ++i) start[i] = whole[i];
        return string(start);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
