// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from '@openzeppelin/contracts/token/ERC20/ERC20.sol';
import {IERC20Permit} from '@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol';
import {ERC20Votes} from '@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol';
import {ERC6372Utils} from '@openzeppelin/contracts/utils/ERC6372Utils.sol';
import {Nonces} from '@openzeppelin/contracts/utils/Nonces.sol';
import {ECDSA} from '@openzeppelin/contracts/utils/cryptography/ECDSA.sol';
import {EIP712} from '@openzeppelin/contracts/utils/cryptography/EIP712.sol';
import {MessageHashUtils} from '@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol';
import {Time} from '@openzeppelin/contracts/utils/types/Time.sol';

/// @title A launched token: fixed supply, permits (ERC-2612) and votes of past moments (ERC-5805)
/// @notice Nobody can mint, burn, pause or take back. Voting power counts once it is delegated. Permits and delegations are
/// signed in the domain that eip712Domain() tells: the token's name, version "1".
/// @dev OpenZeppelin's EIP712 takes names of 31 bytes at most, and wallets sign for name(). So the domain is reckoned here, for
/// permits as for the delegations of ERC20Votes; of that contract's own domain nothing is used.
contract ABToken is ERC20, IERC20Permit, ERC20Votes {
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'
    );
    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)'
    );
    string private constant VERSION = '1';
    bytes32 private constant VERSION_HASH = keccak256(bytes(VERSION));

    uint8 private immutable _decimals;
    bytes32 private immutable _nameHash;

    error ERC2612ExpiredSignature(uint256 deadline);
    error ERC2612InvalidSigner(address signer, address owner);

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
    ) ERC20(name_, symbol_) EIP712('', VERSION) {
        _decimals = decimals_;
        _nameHash = keccak256(bytes(name_));
        _mint(holder, totalSupply_);
        if (allowance_ != 0) _approve(holder, spender, allowance_);
    }

    /// @notice Allows a spender so much of the owner's, who signed it by EIP-712. Anyone may submit it.
    /// @param owner who signed
    /// @param spender who may take it
    /// @param value base units, in the place of what was allowed before
    /// @param deadline seconds since the epoch; refused in a later block
    /// @param v of the signature
    /// @param r of the signature
    /// @param s of the signature
    /// @dev Reverts with ERC2612ExpiredSignature, ERC2612InvalidSigner, or an error of ECDSA where it is no signature.
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        if (block.timestamp > deadline) revert ERC2612ExpiredSignature(deadline);
        bytes32 structHash = keccak256(
            abi.encode(PERMIT_TYPEHASH, owner, spender, value, _useNonce(owner), deadline)
        );
        address signer = ECDSA.recover(_hashTypedDataV4(structHash), v, r, s);
        if (signer != owner) revert ERC2612InvalidSigner(signer, owner);
        _approve(owner, spender, value);
    }

    /// @notice The hash of the domain that permits and delegations are signed in, on this chain.
    /// @return separator of EIP-712
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() public view returns (bytes32 separator) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, _nameHash, VERSION_HASH, block.chainid, address(this)));
    }

    /// @notice The domain that permits and delegations are signed in (ERC-5267).
    /// @return fields which of the others it has: all but the last two
    /// @return name the token's
    /// @return version "1"
    /// @return chainId this chain's
    /// @return verifyingContract this token
    /// @return salt none
    /// @return extensions none
    function eip712Domain()
        public
        view
        override
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        (fields, , version, chainId, verifyingContract, salt, extensions) = super.eip712Domain();
        name = ERC20.name();
    }

    /// @notice How an amount of base units is shown in whole tokens.
    /// @return digits of an amount that stand behind the point
    function decimals() public view override returns (uint8 digits) {
        return _decimals;
    }

    /// @notice How many permits and delegations the owner has signed so far.
    /// @param owner any account
    /// @return nonce of the owner's next permit or delegation
    function nonces(address owner) public view override(IERC20Permit, Nonces) returns (uint256 nonce) {
        return super.nonces(owner);
    }

    /// @notice The time that votes are kept by.
    /// @return timepoint seconds since the epoch, of this block
    function clock() public view override returns (uint48 timepoint) {
        return Time.timestamp();
    }

    /// @notice What clock() counts (ERC-6372).
    /// @return mode seconds
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public view override returns (string memory mode) {
        return ERC6372Utils.timestampClockMode(clock);
    }

    function _hashTypedDataV4(bytes32 structHash) internal view override returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(DOMAIN_SEPARATOR(), structHash);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
